"""What text a message may hold."""

import re

from gemini.conf import MAX_MESSAGE_LENGTH
from gemini.exceptions import InvalidMessage

# PostgreSQL cannot store a NUL; a lone surrogate can be written neither in UTF-8 nor to Gemini.
UNREADABLE = re.compile("[\0\ud800-\udfff]")


def clean_message(text: str) -> str:
    """The text as it is stored; raises `InvalidMessage` for what is blank, too long, or no text at all."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if UNREADABLE.search(text):
        raise InvalidMessage("message_unreadable")
    if not text.strip():
        raise InvalidMessage("message_blank")
    if len(text) > MAX_MESSAGE_LENGTH:
        raise InvalidMessage("message_too_long")
    return text
