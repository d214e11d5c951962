"""Every failure of the REST API, in the one envelope that it has for them."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from gemini.exceptions import GeminiError, InvalidRequest, RateLimited
from gemini.http import body_of, headers_of, status_of

# DRF's own exceptions, the special ones first, and what is said instead of each.
IN_OUR_WORDS: list[tuple[type[Exception] | tuple[type[Exception], ...], str]] = [
    (drf.MethodNotAllowed, "method_not_allowed"),
    (drf.UnsupportedMediaType, "unsupported_media_type"),
    (drf.ParseError, "not_json"),
    ((drf.NotAuthenticated, drf.AuthenticationFailed), "unauthorized"),
    ((drf.PermissionDenied, PermissionDenied), "forbidden"),
    ((drf.NotFound, Http404), "not_found"),
    ((SuspiciousOperation, BadRequest), "not_json"),
]


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Validation errors hold fields only; all others `error`, `code`, and `retry_after` when it is known."""
    set_rollback()
    if isinstance(error, drf.ValidationError):
        return Response(fields_of(error.detail), status=400)
    failure = failure_of(error)
    if failure is None:
        return None
    headers = headers_of(failure)
    if isinstance(error, drf.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    return Response(body_of(failure), status=status_of(failure), headers=headers)


def failure_of(error: Exception) -> GeminiError | None:
    """What is said about an exception; None for one that nobody foresaw."""
    if isinstance(error, GeminiError):
        return error
    if isinstance(error, drf.Throttled):
        return RateLimited(retry_after=getattr(error, "wait", None))
    for kinds, code in IN_OUR_WORDS:
        if isinstance(error, kinds):
            return InvalidRequest(code)
    return None


def fields_of(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}
