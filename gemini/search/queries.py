"""What a person typed, as words to look for. Nothing in it is an operator but quotes: all else is text."""

import re
import unicodedata
from dataclasses import dataclass

from gemini.search.stemming import LONGEST_WORD, stem, words
from gemini.texts import UNREADABLE

LONGEST_QUERY = 200
MOST_TERMS = 16
# A single letter as a beginning would mean half of all words.
SHORTEST_PREFIX = 2
CHUNK = re.compile(r'"([^"]*)"|«([^»]*)»|(\S+)')
# Of what surrounds a word, only what is written around words in any sentence.
AROUND = ".,;:!?()[]{}\"'«»„“”…—–-"
# Beside the symbols that Unicode calls so ($, +, <, №): where these stand, the sign itself is looked for.
SIGNS = "%#@&/\\_*"


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that follow each other; `open`: the last one may be only the beginning of a word."""

    words: tuple[str, ...]
    open: bool = False

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(map(stem, self.words))

    @property
    def beginning(self) -> tuple[str, ...]:
        """The same with the last word as it was typed so far."""
        return (*self.stems[:-1], self.words[-1][:LONGEST_WORD])


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must occur, and all literals, character for character but for case."""

    terms: tuple[Term, ...] = ()
    literals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.literals)


def parse(text: str) -> Query:
    text = UNREADABLE.sub("", text[:LONGEST_QUERY])
    terms: list[Term] = []
    literals: list[str] = []
    ends_open = False
    for match in CHUNK.finditer(text):
        quoted, chunk = match[1] or match[2], match[3] or ""
        found = words(quoted or chunk)
        ends_open = bool(chunk and found) and match.end() == len(text)
        if found:
            terms.append(Term(tuple(found)))
        if has_sign(chunk := chunk.strip(AROUND)):
            literals.append(chunk)
    if not terms and not literals and text.strip():
        literals.append(text.strip())
    terms = terms[:MOST_TERMS]
    if ends_open and len(terms[-1].words[-1]) >= SHORTEST_PREFIX:
        terms[-1] = Term(terms[-1].words, open=True)
    return Query(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(literals[:MOST_TERMS])))


def has_sign(chunk: str) -> bool:
    return any(sign in SIGNS or unicodedata.category(sign)[0] == "S" for sign in chunk)
