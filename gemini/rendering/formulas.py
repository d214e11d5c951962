"""LaTeX: where a formula begins and ends in Markdown, and what it is in MathML."""

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import tostring

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from .budget import MAX_FORMULA_LENGTH, Budget

CLOSERS = {r"\[": r"\]", r"\(": r"\)", "$$": "$$"}

# Definitions can double at each step (a := bb, b := cc, …): a hundred characters of them would fill the memory.
_DEFINITION = re.compile(r"\\(?:def|newcommand|newenvironment|DeclareMathOperator)(?![a-zA-Z])")
_LENGTHS = {"width", "height", "depth", "voffset", "lspace", "rspace", "minsize", "maxsize", "mathsize"}
# A formula must not reach out of its place over other parts of the page.
_MODEST_LENGTH = re.compile(r"[+-]?(?:\d{1,2}|\d{0,2}\.\d{1,4})(?:em|ex|px|pt|%)?")

# What stands between two `$` and cannot be an amount: closed in by non-spaces, no digit after it, one line.
_DOLLARS = re.compile(r"\$(?![\s$)\].,;:!?])((?:[^$\\\n]|\\[^\n])+)(?<!\s)\$(?![ \u00a0\u202f]?\d|[\w$])")
_MATHEMATICAL = re.compile(r"\\[a-zA-Z]|[\^_=]")
_TEXT_COMMAND = re.compile(r"\\(?:text\w*|mathrm|mbox|operatorname)\*?\s*\{[^}]*\}|\\[a-zA-Z]+")
_PROSE = re.compile(r"[^\W\d_A-Za-z\u0370-\u03ff]|[A-Za-z]{2,}\s+[A-Za-z]{2,}")


@lru_cache(maxsize=256)  # the open tail of a stream asks for the same formula up to 20 times a second
def mathml(latex: str, *, display: bool) -> str | None:
    """MathML for LaTeX of bounded length; None if it is no formula latex2mathml understands."""
    if not latex.strip() or _DEFINITION.search(latex):
        return None
    # Here and not above: it is an eighth of all that a process imports before its first page.
    from latex2mathml.converter import Converter

    try:
        root = Converter(display="block" if display else "inline").convert_to_element(latex)
        # The converter un-escapes its whole output, so `\text{<b>}` would be markup; here each text stays a text.
        for element in root.iter():
            element.text, element.tail = unescape(element.text or ""), unescape(element.tail or "")
            for name in _LENGTHS & element.attrib.keys():
                if not _MODEST_LENGTH.fullmatch(element.attrib[name]):
                    del element.attrib[name]
        return tostring(root, encoding="unicode", short_empty_elements=False)
    except Exception:  # broken LaTeX raises whatever the converter stumbled over: IndexError, StopIteration, its own
        return None


def formula_html(latex: str, markup: str, budget: Budget) -> str:
    """A formula within the budget; otherwise its source, with the delimiters it was written in."""
    display = markup in (r"\[", "$$")
    rendered = mathml(latex, display=display) if budget.take_formula(len(latex)) else None
    if rendered is None:
        return f'<code class="math-error">{escape(markup + latex + CLOSERS.get(markup, markup))}</code>'
    return rendered


def formulas(md: MarkdownIt) -> None:
    """Markdown-it plugin: tokens `formula` (inline) and `formula_block`, with LaTeX as content."""
    # Before `escape`, which would take `\(` for a bracket that means nothing.
    md.inline.ruler.before("escape", "formula", _inline_formula)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.before("fence", "formula_block", _block_formula, interrupts)


def _inline_formula(state: StateInline, silent: bool) -> bool:
    opener = state.src[state.pos : state.pos + 2]
    if opener in CLOSERS:
        start = state.pos + 2
        end = state.src.find(CLOSERS[opener], start, min(state.posMax, start + MAX_FORMULA_LENGTH))
        if end < 0 or not state.src[start:end].strip():
            return False
        latex, after = state.src[start:end], end + 2
    elif opener.startswith("$") and (latex := _single_dollar_formula(state.src, state.pos, state.posMax)):
        opener, after = "$", state.pos + len(latex) + 2
    else:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = latex, opener
    state.pos = after
    return True


def _single_dollar_formula(text: str, start: int, end: int) -> str:
    """LaTeX between the `$` at `start` and the next, or nothing where it may be money (`R$ 12`, `от $5 до $10`)."""
    if start and (text[start - 1].isalnum() or text[start - 1] == "$"):
        return ""
    match = _DOLLARS.match(text, start, min(end, start + MAX_FORMULA_LENGTH))
    if not match:
        return ""
    latex = match[1]
    if latex[0].isdigit() and not _MATHEMATICAL.search(latex):
        return ""
    return "" if _PROSE.search(_TEXT_COMMAND.sub("", latex)) else latex


def _block_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    opener = state.src[begin : begin + 2]
    if opener not in (r"\[", "$$") or state.is_code_block(start):
        return False
    if silent and opener == "$$" and _paragraph_has_open_dollars(state, start, begin):
        return False
    close = state.src.find(CLOSERS[opener], begin + 2, begin + MAX_FORMULA_LENGTH)
    if close < 0:
        if begin + MAX_FORMULA_LENGTH > len(state.src):
            # The text may yet go on and close it: until then a stream must not call this line's block finished.
            state.env["undecided_line"] = min(start, state.env.get("undecided_line", start))
        return False
    last = _last_line(state, start, end, close)
    if last is None or state.src[close + 2 : state.eMarks[last]].strip():
        return False
    lines = state.getLines(start, last + 1, state.blkIndent, False).strip()
    latex = lines[2:-2]
    if not latex.strip():
        return False
    if not silent:
        token = state.push("formula_block", "math", 0)
        token.block, token.map, token.content, token.markup = True, [start, last + 1], latex, opener
        state.line = last + 1
    return True


def _last_line(state: StateBlock, start: int, end: int, position: int) -> int | None:
    """The line that holds `position`, if the quote or list item of line `start` reaches that far."""
    for line in range(start, end):
        if line > start and not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return None
        if position < state.eMarks[line]:
            return line
    return None


def _paragraph_has_open_dollars(state: StateBlock, start: int, begin: int) -> bool:
    """Whether `$$` at `begin` closes what the paragraph opened: `сумма $$`, `a`, `$$`."""
    since = max(state.bMarks[state.line], state.bMarks[start] - MAX_FORMULA_LENGTH)
    return state.src.count("$$", since, begin) % 2 == 1
