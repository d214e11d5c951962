"""The piece of a text in which a hit stands, as safe HTML with the hit marked."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gemini.search.queries import Query
from gemini.search.stemming import STRESS, WORD, plain, stem

# Characters: of the whole, and of what stands before the hit.
LENGTH, BEFORE = 220, 70
# Stemming changes ends only, so candidates are found by how they begin, at the speed of a regular expression.
SAME_BEGINNING = 2
# Markdown's own marks, which say nothing in a line of text.
MARKUP = re.compile(r"(?m)^\s*(?:#{1,6}|>|[-*+])\s+|^```.*$|\*\*|`+|\|[\s:|-]*")
SPACE = re.compile(r"\s+")


def snippet(text: str, query: Query, length: int = LENGTH) -> SafeString:
    """The text around its first hit; from its beginning when there is none to be seen."""
    text = unicodedata.normalize("NFC", text).replace(STRESS, "")
    # A sign that is looked for may be one of Markdown's.
    text = SPACE.sub(" ", text if query.literals else MARKUP.sub(" ", text)).strip()
    found = merged(sorted(spans(text, query)))
    start = 0
    if len(text) > length and found and found[0][0] > BEFORE:
        # A whole word begins it, unless the words are longer than that.
        start = text.find(" ", found[0][0] - BEFORE, found[0][0]) + 1 or found[0][0] - BEFORE
    end = min(len(text), start + length)
    return mark_safe("".join(marked(text, start, end, found)))  # nosec B308 # each part is escaped


def marked(text: str, start: int, end: int, found: list[tuple[int, int]]) -> Iterator[str]:
    if start:
        yield "… "
    at = start
    for left, right in found:
        if right > end:
            break
        if left >= at:
            yield f"{escape(text[at:left])}<mark>{escape(text[left:right])}</mark>"
            at = right
    yield escape(text[at:end])
    if end < len(text):
        yield "…"


def spans(text: str, query: Query) -> Iterator[tuple[int, int]]:
    for literal in query.literals:
        for match in re.finditer(re.escape(literal), text, re.IGNORECASE):
            yield match.span()
    # Where a sign is looked for, its words alone are no hit.
    terms = [term for term in query.terms if not is_part_of(term.words, query.literals)]
    stems = {stem for term in terms for stem in term.stems}
    beginnings = tuple(term.words[-1] for term in terms if term.open)
    if not stems:
        return
    begins = "|".join({re.escape(word[:SAME_BEGINNING]).replace("е", "[её]") for word in (*stems, *beginnings)})
    for match in re.finditer(rf"(?<![^\W_])(?:{begins})[^\W_]*", text, re.IGNORECASE):
        word = plain(match[0])
        if stem(word) in stems or word.startswith(beginnings):
            yield match.span()


def is_part_of(words: tuple[str, ...], literals: tuple[str, ...]) -> bool:
    return any(tuple(WORD.findall(plain(literal))) == words for literal in literals)


def merged(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for left, right in found:
        if apart and left < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(right, apart[-1][1]))
        else:
            apart.append((left, right))
    return apart
