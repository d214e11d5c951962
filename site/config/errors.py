"""Django's own failures: an API answers them in its envelope, everything else with a page."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.views import defaults

from gemini.exceptions import GeminiError, InvalidRequest, RateLimited, StorageUnavailable
from gemini.http import body_of, headers_of, status_of

REST = "/api/"
JSON = ("/gemini/api/", "/gemini/send-message/", "/gemini/test-api-key/")


def envelope(request: HttpRequest, error: GeminiError) -> HttpResponse | None:
    """The failure as the API of this path tells it; None for a page."""
    path = request.path_info
    if path.startswith(REST):
        body = body_of(error)
    elif path.startswith(JSON) or path.endswith("/update-title/"):
        body = {"success": False} | body_of(error)
    else:
        return None
    return JsonResponse(body, status=status_of(error), headers=headers_of(error))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return envelope(request, InvalidRequest("not_json")) or defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return envelope(request, InvalidRequest("not_found")) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest, *_: Any) -> HttpResponse:
    # Django calls this while it handles what went wrong. A program is told whether it may try again.
    refused = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    error = StorageUnavailable() if refused else InvalidRequest("internal_error")
    return envelope(request, error) or defaults.server_error(request)


class RefusedCalls(MiddlewareMixin):
    """A limit that a view has run into, in the envelope of its interface or as a page."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RateLimited):
            return None
        if response := envelope(request, exception):
            return response
        page = render(request, "429.html", status=429)
        for name, value in headers_of(exception).items():
            page.headers[name] = value
        return page
