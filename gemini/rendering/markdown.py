"""Our dialect of Markdown: CommonMark, tables, strikethrough, tasks, formulas, and bounds on all of them."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as unbounded_table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from .budget import MAX_DEPTH, MAX_TABLE_CELLS, MAX_TABLE_COLUMNS
from .elements import add_render_rules
from .formulas import formulas

_MARKS = "\\`*_~[]!<&$\n"
_TASK_BOXES = {"[ ] ": "", "[x] ": "x", "[X] ": "x"}


def _rest_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Where the budget or the depth ends, the lines that remain are one block of source."""
    affordable = state.env["budget"].affords_block(tokens=len(state.tokens), line=start)
    if affordable and state.level < MAX_DEPTH:
        return False
    if silent:
        return not affordable
    stop = end
    if affordable:
        stop = start + 1
        while stop < end and (state.isEmpty(stop) or state.sCount[stop] >= state.blkIndent):
            stop += 1
    token = state.push("rest", "pre", 0)
    token.map, token.content = [start, stop], state.getLines(start, stop, state.blkIndent, False)
    state.line = stop
    return True


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start]) + 1
    if columns > MAX_TABLE_COLUMNS:
        return False
    return unbounded_table(state, start, min(end, start + 2 + MAX_TABLE_CELLS // columns), silent)


def _bounded_inline(state: StateCore) -> None:
    """Markdown-it's own inline stage, but text too thick with marks stays text."""
    budget = state.env["budget"]
    for token in state.tokens:
        if token.type != "inline":
            continue
        children: list[Token] = []
        if budget.take_marks(sum(map(token.content.count, _MARKS))):
            state.md.inline.parse(token.content, state.md, state.env, children)
        else:
            children.append(Token("text", "", 0, content=token.content))
        token.children = children


def _tasks(state: StateCore) -> None:
    """`- [ ] …` and `- [x] …` become list items with a box."""
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not inline.children:
            continue
        text = inline.children[0]
        if text.type == "text" and (mark := text.content[:4]) in _TASK_BOXES:
            item.attrSet("class", "task")
            text.content = text.content[4:]
            inline.children.insert(0, Token("task_box", "span", 0, info=_TASK_BOXES[mark]))


def _parser() -> MarkdownIt:
    # The inline stage never reaches this depth with a budget of marks, and past it no text is lost.
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_DEPTH + 8, "inline_definitions": True})
    md.enable(["table", "strikethrough"]).disable(["normalize", "block", "html_block", "html_inline"])
    md.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.at("inline", _bounded_inline)
    md.core.ruler.push("tasks", _tasks)
    md.use(formulas)
    md.block.ruler.before("table", "rest", _rest_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    add_render_rules(md)
    return md


_md = _parser()


def parse(source: str, env: EnvType) -> list[Token]:
    """Block tokens of normalised source; `env` holds a Budget and takes up the link definitions."""
    tokens: list[Token] = []
    _md.block.parse(source, _md, env, tokens)
    return tokens


def write(tokens: list[Token], env: EnvType) -> str:
    """HTML of block tokens, to be cleaned before anyone sees it."""
    state = StateCore("", _md, env, tokens)
    _md.core.process(state)
    html: str = _md.renderer.render(tokens, _md.options, env)
    return html
