"""Code blocks: a header that names the language, and colours while they can be afforded."""

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

from .budget import MAX_CODE_LINE, Budget

NO_LANGUAGE = "Код"

# Only lexers whose worst case was measured; the markdown lexer is out, it starts any other on what it contains.
_LANGUAGES = """
    bash sh shell zsh console c cpp c++ csharp c# cs css dart diff docker dockerfile go golang graphql haskell hs html
    http ini java javascript js json jsx kotlin lua make makefile nginx perl php powershell ps1 postgresql
    properties python py python3 r rb ruby rs rust scala scss sql swift toml ts tsx typescript xml yaml yml
"""
LANGUAGES = frozenset(_LANGUAGES.split())
_LONG_LINE = re.compile(rf"[^\n]{{{MAX_CODE_LINE}}}|\n{{100}}")


def code_block(language: str, body: str) -> str:
    """The frame of a code block around HTML that is escaped already."""
    return (
        f'<div class="code-block"><div class="code-block__header"><span class="code-block__language">'
        f"{escape(language_name(language))}</span></div>"
        f'<pre tabindex="0"><code>{body}</code></pre></div>\n'
    )


def language_of(info: str) -> str:
    """The first word after the opening fence, or nothing."""
    words = info.split(maxsplit=1)
    return words[0] if words else ""


def language_name(language: str) -> str:
    """What the header says: `py` is Python; a language we do not know keeps its own word."""
    lexer = _lexer(language)
    return lexer.name if lexer else language[:40] or NO_LANGUAGE


def highlight(code: str, language: str, budget: Budget) -> str:
    """Code as HTML with Pygments' classes, or only escaped where colours would cost too much."""
    lexer = _lexer(language)
    if lexer is None or _LONG_LINE.search(code) or not budget.take_code(len(code)):
        return escape(code)
    started = time.thread_time()
    deadline = started + budget.highlighting_seconds
    spans: list[str] = []
    for number, (kind, value) in enumerate(_runs(lexer, code)):
        css_class = _css_class(kind)
        spans.append(f'<span class="{css_class}">{escape(value)}</span>' if css_class else escape(value))
        if not number % 32 and time.thread_time() > deadline:
            break
    else:
        budget.highlighting_seconds = deadline - time.thread_time()
        return "".join(spans)
    budget.highlighting_seconds = 0
    return escape(code)


@lru_cache(maxsize=len(LANGUAGES))
def _known_lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False, startinline=True)


def _lexer(language: str) -> Lexer | None:
    name = language.lower()
    return _known_lexer(name) if name in LANGUAGES else None


def _runs(lexer: Lexer, code: str) -> Iterator[tuple[_TokenType, str]]:
    """Neighbouring tokens of one kind as one, as Pygments' own formatter writes them."""
    kind: _TokenType | None = None
    run: list[str] = []
    for next_kind, value in lexer.get_tokens(code):
        if next_kind is not kind:
            if kind is not None:
                yield kind, "".join(run)
            kind, run = next_kind, []
        run.append(value)
    if kind is not None:
        yield kind, "".join(run)


def _css_class(kind: _TokenType) -> str:
    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    return STANDARD_TYPES.get(kind, "")
