"""How the APIs read a request and how a failure looks over HTTP; only the envelope is each interface's own."""

import json
import math
from typing import Any, NoReturn

from gemini.exceptions import GeminiError, InvalidRequest

# Bytes. Twice what a message of the greatest length takes when every character of it is escaped.
MAX_BODY = 512 * 1024

# What is not here is Gemini's failure or our own: 500.
STATUS = {
    "api_key_missing": 400,
    "api_key_invalid": 400,
    "api_key_blank": 400,
    "prompt_blocked": 400,
    "message_blank": 400,
    "message_too_long": 400,
    "message_unreadable": 400,
    "title_blank": 400,
    "title_too_long": 400,
    "not_json": 400,
    "missing_parameter": 400,
    "invalid_parameter": 400,
    "unauthorized": 401,
    "invalid_credentials": 401,
    "csrf_failed": 403,
    "forbidden": 403,
    "https_required": 403,
    "session_not_found": 404,
    "message_not_found": 404,
    "prompt_not_found": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "reply_in_progress": 409,
    "not_retriable": 409,
    "not_editable": 409,
    "not_regenerable": 409,
    "not_continuable": 409,
    "too_large": 413,
    "too_slow": 408,
    "import_invalid": 422,
    "import_not_json": 422,
    "import_too_large": 413,
    "import_too_complex": 422,
    "unsupported_media_type": 415,
    "too_many_prompts": 422,
    "idempotency_mismatch": 422,
    "rate_limited": 429,
    "shutting_down": 503,
    "storage_unavailable": 503,
}


def status_of(error: GeminiError) -> int:
    return error.status or STATUS.get(error.code, 500)


def body_of(error: GeminiError) -> dict[str, Any]:
    """`error` in words, `code` as a stable word, `retry_after` in seconds when it is known."""
    body: dict[str, Any] = {"error": error.message, "code": error.code}
    if error.retry_after is not None:
        body["retry_after"] = error.retry_after
    return body


def headers_of(error: GeminiError) -> dict[str, str]:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    if status_of(error) == 401:
        headers["WWW-Authenticate"] = "Session"
    return headers


def parse_json(body: bytes) -> dict[str, Any]:
    """The body's object. Raises `InvalidRequest`, also for what Python reads and JSON does not allow (NaN)."""
    if len(body) > MAX_BODY:
        raise InvalidRequest("too_large")
    try:
        parsed = json.loads(body, parse_constant=refuse_constant)
    # Deep nesting exhausts the parser's stack.
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("not_json") from error
    if not isinstance(parsed, dict):
        raise InvalidRequest("not_json")
    return parsed


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
