"""What the JSON views read and answer: flat objects, each with `success`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from gemini.authentication import caller_of
from gemini.exceptions import GeminiError, InvalidRequest, Unauthorized
from gemini.http import body_of, headers_of, parse_json, status_of

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a view sees it: from whom, and with what."""

    user: Any
    body: Payload
    idempotency_key: str = ""

    def text(self, name: str) -> str:
        """A string that must be there. Raises `InvalidRequest`."""
        value = self.body.get(name)
        if value is None:
            raise InvalidRequest("missing_parameter", name=name)
        if not isinstance(value, str):
            raise InvalidRequest("invalid_parameter", name=name)
        return value

    def number(self, name: str) -> int:
        """An id that must be there; a string of digits, which forms send, is one too. Raises `InvalidRequest`."""
        value = self.body.get(name)
        if value is None or value == "":
            raise InvalidRequest("missing_parameter", name=name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidRequest("invalid_parameter", name=name)
        return value


View = Callable[..., Awaitable[Payload]]


def json_view(view: View) -> Any:
    """A POST with a JSON object from somebody signed in; the view gets a `Call`, returns a payload, and may fail.

    Exempt from Django's own CSRF check because `caller_of` makes it, for whoever comes with a cookie.
    """

    @csrf_exempt
    @wraps(view)
    async def answer(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        with translation.override("ru"):
            try:
                call = await sync_to_async(call_of)(request)
                response = JsonResponse({"success": True} | await view(call, **kwargs))
            except GeminiError as error:
                response = failure(error)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def call_of(request: HttpRequest) -> Call:
    if request.method != "POST":
        raise InvalidRequest("method_not_allowed")
    caller = caller_of(request)
    if caller is None:
        raise Unauthorized
    return Call(caller.user, body_of_request(request), request.headers.get("Idempotency-Key", ""))


def failure(error: GeminiError) -> JsonResponse:
    headers = headers_of(error)
    if error.code == "method_not_allowed":
        headers["Allow"] = "POST"
    return JsonResponse({"success": False} | body_of(error), status=status_of(error), headers=headers)


def body_of_request(request: HttpRequest) -> Payload:
    try:
        return parse_json(request.body)
    except RequestDataTooBig as error:
        raise InvalidRequest("too_large") from error
    except (RawPostDataException, UnreadablePostError, SuspiciousOperation, BadRequest) as error:
        raise InvalidRequest("not_json") from error
