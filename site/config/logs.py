"""What the log says of a request and of a failure, and what it must never say.

No content, no key, title, e-mail or query string: a record is written field by field, and what is not in `FIELDS` is
not written. The words of an exception may quote what failed, so a traceback has its places and its class, no words.
"""

import logging
import re
import secrets
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# The request during which something is logged; a reply keeps that of the request which began it.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# What a trusted proxy may call a request.
ACCEPTABLE = re.compile(r"[\w.-]{8,64}", re.ASCII)

FIELDS = {
    "time", "level", "logger", "message", "request_id", "exc_info",
    "method", "route", "status", "duration_ms", "user_id", "streaming",
    "reply_id", "session_id", "object", "object_id", "code", "first_token_ms", "total_tokens",
}  # fmt: skip


def new_request_id() -> str:
    return secrets.token_hex(8)


class Context(logging.Filter):
    """Adds the request's id, and takes out of Django's own records the path and the request itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        request = record.__dict__.pop("request", None)
        # "Internal Server Error: %s" names the path, which may hold the key of a password reset.
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            record.args = tuple(route_of(request) if argument == path else argument for argument in record.args)
        return True


class Json(JsonFormatter):
    """One line of JSON a record, of known fields only."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}",
            style="{",
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_record: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in log_record.items() if name in FIELDS and value not in ("", None)}

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return places(ei[1]) if ei and ei[1] else ""


def places(error: BaseException) -> str:
    """A traceback without words: where it passed, and of which class it is, innermost cause first."""
    told, seen = [], set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames, step = [], current.__traceback__
        while step:
            code = step.tb_frame.f_code
            frames.append(f"{code.co_filename}:{step.tb_lineno} {code.co_name}")
            step = step.tb_next
        told.append("\n".join([*frames, f"{type(current).__module__}.{type(current).__qualname__}"]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n--\n".join(reversed(told))


def route_of(request: Any) -> str:
    """The name of a request's route: what of its address may be written anywhere, and of which there are few."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return str(match.view_name or match.route)
    return "unmatched"


def settings_for(form: str, level: str) -> dict[str, Any]:
    """`LOGGING`; `form` is "json" or "text"."""
    formatters: dict[str, Any] = {
        "json": {"()": "config.logs.Json"},
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "config.logs.Context"}},
        "formatters": {form: formatters[form]},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["context"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"propagate": True},
            # The refusals are in our own line for the request.
            "django.request": {"level": "ERROR"},
            "uvicorn.access": {"level": "WARNING"},
            # It logs a traceback for each message of Gemini's that it cannot read; the engine reports those in a line.
            "grpc._common": {"level": "CRITICAL"},
            # One line for each question of a source is ours already, and without the question.
            "httpx": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
            # At lower levels these write requests, answers and statements with all that is in them.
            **{name: {"level": max_level("INFO", level)} for name in TALKATIVE},
        },
    }


TALKATIVE = (
    "django.db.backends",
    "httpcore",
    "httpcore2",
    "google_genai",
    "asyncio",
    "urllib3",
    "markdown_it",
    "hpack",
)


def max_level(one: str, other: str) -> str:
    levels = logging.getLevelNamesMapping()
    return one if levels[one] >= levels[other] else other
