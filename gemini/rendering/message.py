"""A whole message at once."""

import logging
import re
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from .budget import Budget, is_dear_to_clean
from .elements import source_block
from .markdown import parse, write
from .sanitizing import clean
from .words import paragraphs

logger = logging.getLogger(__name__)

_SURROGATE = re.compile("[\ud800-\udfff]")


def render(text: str) -> SafeString:
    """Safe HTML of a message in Markdown. Never raises; takes under half a second for 256 KB of anything."""
    source = normalise(text)
    if is_dear_to_clean(source):
        # Nothing but escaped text: there is nothing to clean.
        return mark_safe(source_block(source))  # nosec B308
    if words := paragraphs(source):
        return words
    return mark_safe(clean(html_or_source(source, {"budget": Budget()})))  # nosec B308 # nh3 has cleaned it


def html_or_source(source: str, env: dict[str, Any]) -> str:
    """HTML of normalised Markdown, to be cleaned before anyone sees it."""
    try:
        return write(parse(source, env), env)
    except Exception:
        # A reader must get the words even where the parser has a fault that no test of ours has met.
        logger.exception("Markdown could not be rendered; its source is shown.")
        return source_block(source)


def normalise(text: str) -> str:
    """Lines end in LF, and every character can be written as UTF-8."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd")
