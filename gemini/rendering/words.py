"""Paragraphs of mere words, which need neither the parser nor the sanitiser: there is no markup to find in them."""

import re
from html import escape

from django.utils.safestring import SafeString

from .budget import Budget

# What may be more than words.
_MARKUP = re.compile(r"[\\`*_~\[\]<>&|$]|\n[ \t]|[ \t]\n|\n\n|^[ \t]*(?:[-+=#]|\d{1,9}[.)])|^[ \t]", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{2,}")

BLANK = " \t\n"  # a no-break space is a character to Markdown, and a blank to `str.strip`


def nothing_but_words(text: str) -> str:
    """The text, when it is one paragraph without any markup; else nothing."""
    # Before the first word of a paragraph up to three blanks are nothing; four would begin code.
    words = text.lstrip(" ")
    if len(text) - len(words) > 3 or _MARKUP.search(words):
        return ""
    words = words.strip(BLANK)
    # What to do with other blanks around a paragraph is the parser's to say.
    return words if words == words.strip() else ""


def paragraph(words: str) -> SafeString:
    # Not `mark_safe`, which looks for lazy translations: this is what most chunks come to. The sanitiser writes the
    # no-break space as an entity.
    return SafeString(f"<p>{escape(words, quote=False)}</p>\n".replace("\u00a0", "&nbsp;"))


def paragraphs(source: str) -> SafeString | None:
    """HTML of normalised source that is paragraphs of words and nothing else; of any other None."""
    found = []
    for text in _BLANK_LINES.split(source.strip("\n")):
        # Most messages have markup somewhere: nothing after it is looked at.
        if not (words := nothing_but_words(text)):
            return None
        found.append(paragraph(words))
    affordable = Budget().affords_block(tokens=3 * len(found), line=source.count("\n"))
    return SafeString("".join(found)) if affordable else None
