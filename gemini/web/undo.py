"""A way back, offered with the news of what was done: in the answer to htmx, or beside a flash message."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib import messages as flash
from django.http import HttpRequest
from django.urls import reverse

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Undo:
    """A button: where it posts to, and what it says there."""

    url: str
    name: str
    value: str


def stamp(moment: datetime) -> str:
    """A moment as it stands in a form, to the microsecond."""
    return str((moment - EPOCH) // timedelta(microseconds=1))


def moment_of(text: str) -> datetime | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        return None
    return EPOCH + timedelta(microseconds=int(text))


def restoring(moment: datetime) -> Undo:
    return Undo(reverse("gemini:trash-restore"), "moment", stamp(moment))


def flash_undo(request: HttpRequest, text: str, undo: Undo) -> None:
    # A flash message has no place for more than a string; its storage is signed.
    flash.success(request, text, extra_tags=f"{undo.url}?{urlencode([(undo.name, undo.value)])}")


def undo_of(message: Any) -> Undo | None:
    url = urlsplit(message.extra_tags or "")
    return Undo(url.path, *parse_qsl(url.query)[0]) if url.path.startswith("/") else None
