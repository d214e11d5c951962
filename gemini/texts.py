"""What text a message and a title may hold."""

import re

from gemini.conf import MAX_MESSAGE_LENGTH, MAX_TITLE_LENGTH
from gemini.exceptions import InvalidMessage

# PostgreSQL cannot store a NUL; a lone surrogate can be written neither in UTF-8 nor to Gemini.
UNREADABLE = re.compile("[\0\ud800-\udfff]")


def clean_message(text: str, limit: int = MAX_MESSAGE_LENGTH) -> str:
    """The text as it is stored; raises `InvalidMessage` for what is blank, too long, or no text at all."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if UNREADABLE.search(text):
        raise InvalidMessage("message_unreadable")
    if not text.strip():
        raise InvalidMessage("message_blank")
    if len(text) > limit:
        raise InvalidMessage("message_too_long", limit=f"{limit:,}".replace(",", " "))
    return text


def clean_title(text: str) -> str:
    """A session's title as it is stored; raises `InvalidMessage`."""
    text = " ".join(text.split())
    if UNREADABLE.search(text):
        raise InvalidMessage("message_unreadable")
    if not text:
        raise InvalidMessage("title_blank")
    if len(text) > MAX_TITLE_LENGTH:
        raise InvalidMessage("title_too_long")
    return text
