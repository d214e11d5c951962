"""A message that is still growing: finished blocks are rendered once, only the open tail again and again."""

import logging
import re
from collections import ChainMap
from dataclasses import replace
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from .budget import Budget, is_dear_to_clean
from .code import code_block, language_of
from .elements import source_block
from .markdown import parse, write
from .message import html_or_source, normalise
from .sanitizing import clean
from .words import BLANK, nothing_but_words, paragraph

logger = logging.getLogger(__name__)

_OPEN_FENCE = re.compile(r"(`{3,}|~{3,})([^`\n]*)\n")

# A tail past these is drawn as its source until it ends: rendering it takes longer than the pause between two drawings.
_MAX_TAIL_CHARACTERS = 32_000
_MAX_TAIL_LINES = 1_200
_MAX_TAIL_DEAR_CHARACTERS = 10_000
# A long tail is judged again only when it has grown by an eighth, so that judging costs n·log n and not n².
_LONG_TAIL = 4_000


class BlockRenderer:
    """Renders a message block by block as it streams.

    `blocks` holds finished top-level blocks; together with `tail()` they show what `render(text)` shows, with two
    exceptions: code in the tail has no colours, and a link whose definition comes after its block stays text.
    """

    def __init__(self) -> None:
        self.blocks: list[SafeString] = []
        self._received: list[str] = []
        self._arrived: list[str] = []
        self._open = ""
        self._held = ""
        self._judged = 0
        self._code_until = 0
        self._budget = Budget()
        self._definitions: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The full source so far, exactly as it was fed."""
        # As one piece from now on: a hundred small ones take ten times as much memory.
        self._received[:] = ["".join(self._received)]
        return self._received[0]

    def feed(self, text: str) -> None:
        """Append source text, cut anywhere."""
        self._received.append(text)
        self._arrived.append(text)

    def advance(self) -> int:
        """Move finished blocks from the open tail to `blocks`; returns how many were added.

        A block is finished when whole lines show that a later one has begun, a paragraph with the blank line after it.
        """
        self._take_in()
        end = self._open.rfind("\n") + 1
        if end == self._judged or (end > _LONG_TAIL and end * 8 < self._judged * 9):
            return 0
        is_open_fence = self._is_open_fence(self._open[:end])
        self._judged = end
        if is_open_fence:
            self._code_until = end
            return 0
        try:
            return self._finish(self._open[:end])
        except Exception:  # a fault of the parser must not end the reply: its source stays in the tail
            logger.exception("Blocks of a stream could not be rendered.")
            return 0

    def tail(self) -> SafeString:
        """HTML of the open rest. Microseconds for plain words, else about a millisecond for each 1,000 characters."""
        self._take_in()
        text = self._open + normalise(self._held)
        if not text.strip(BLANK):
            return SafeString("")
        if self._is_open_fence(text):
            return mark_safe(_open_fence_html(text))  # nosec B308 # escaped by it
        if words := nothing_but_words(text):
            return paragraph(words)
        if _is_too_much_to_draw(text):
            return mark_safe(source_block(text))  # nosec B308 # nothing but escaped text
        env = self._env() | {"budget": replace(self._budget), "plain_code": True}
        return mark_safe(clean(html_or_source(text, env)))  # nosec B308 # nh3 has cleaned it

    def _finish(self, lines: str) -> int:
        if lines.endswith("\n\n") and (words := nothing_but_words(lines.rstrip("\n"))):
            return self._finish_paragraph(words, lines)
        return self._finish_blocks(lines)

    def _finish_paragraph(self, words: str, lines: str) -> int:
        """What the parser would find and spend, in a seventh of its time."""
        count = lines.count("\n")
        if not self._budget.affords_block(tokens=0, line=count):
            return self._finish_blocks(lines)
        self.blocks.append(paragraph(words))
        self._cut(count, self._env())
        self._budget.blocks += 3
        self._budget.take_marks(words.count("\n") + words.count("!"))
        return 1

    def _finish_blocks(self, lines: str) -> int:
        env = self._env()
        groups = _top_level_groups(parse(lines, env))
        line = lines.count("\n")
        open_from = _first_open_group(groups, env.get("undecided_line"), line)
        if not open_from:
            return 0
        finished = groups[:open_from]
        if open_from < len(groups):
            line = groups[open_from][0].map[0]  # type: ignore[index]  # top-level tokens know their lines
        written = [mark_safe(html) for group in finished if (html := clean(write(group, env)))]  # nosec B308 # cleaned
        self.blocks += written
        self._cut(line, env)
        self._budget.blocks += sum(map(len, finished))
        return len(written)

    def _take_in(self) -> None:
        """Join what arrived; hold back half a character: `\\r` of `\\r\\n`, the first of two surrogates."""
        if not self._arrived:
            return
        arrived = self._held + "".join(self._arrived)
        self._arrived.clear()
        half = arrived[-1:] == "\r" or "\ud800" <= arrived[-1:] <= "\udbff"
        self._held = arrived[-1:] if half else ""
        self._open += normalise(arrived[:-1] if half else arrived)

    def _env(self) -> dict[str, Any]:
        # Definitions of the open tail go to the first map only: they may not be complete.
        return {"budget": self._budget, "references": ChainMap({}, self._definitions)}

    def _is_open_fence(self, text: str) -> bool:
        """Whether all of `text` is a fence that nothing has closed; looks only at lines not known to be code."""
        opening = _OPEN_FENCE.match(text)
        if not opening:
            return False
        marker = opening[1]
        closing = re.compile(rf"^ {{0,3}}{marker[0]}{{{len(marker)},}}[ \t]*$", re.MULTILINE)
        return not closing.search(text, max(self._code_until, opening.end()))

    def _cut(self, line: int, env: dict[str, Any]) -> None:
        """Let the open tail begin with `line`."""
        for label, definition in env["references"].maps[0].items():
            if definition["map"][0] < line:
                self._definitions[label] = definition
        start = 0
        for _ in range(line):
            start = self._open.index("\n", start) + 1
        self._open = self._open[start:]
        self._judged = self._code_until = 0
        self._budget.lines += line


def _is_too_much_to_draw(text: str) -> bool:
    return (
        len(text) > _MAX_TAIL_CHARACTERS
        or text.count("\n") > _MAX_TAIL_LINES
        or is_dear_to_clean(text, _MAX_TAIL_DEAR_CHARACTERS)
    )


def _open_fence_html(text: str) -> str:
    """Escaped and framed by us: there is nothing for the sanitiser to find, and 200 KB of code to spare it."""
    opening = _OPEN_FENCE.match(text)
    assert opening
    return code_block(language_of(opening[2]), escape(text[opening.end() :], quote=False))


def _top_level_groups(tokens: list[Token]) -> list[list[Token]]:
    groups: list[list[Token]] = []
    for token in tokens:
        if token.level == 0 and token.nesting >= 0:
            groups.append([])
        groups[-1].append(token)
    return groups


def _first_open_group(groups: list[list[Token]], undecided_line: int | None, lines: int) -> int:
    """Index of the first block that later lines may still change: the last, or one before it that hangs on it.

    The last is open too unless it is a paragraph that a blank line has ended; then the index is past all of them.
    """
    for index, group in enumerate(groups[:-1]):
        ends, next_starts = group[0].map[1], groups[index + 1][0].map[0]  # type: ignore[index]
        # The next line may turn out to be the title of a link definition.
        is_open_definition = group[0].type == "definition" and ends == next_starts
        if is_open_definition or (undecided_line is not None and undecided_line < ends):
            return index
    if groups and groups[-1][0].type == "paragraph_open":
        ends = groups[-1][0].map[1]  # type: ignore[index]
        if ends < lines and (undecided_line is None or undecided_line >= ends):
            return len(groups)
    return max(len(groups) - 1, 0)
