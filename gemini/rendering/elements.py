"""How tokens are written as HTML where Markdown-it's own way is not ours."""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .code import code_block, highlight, language_of
from .formulas import formula_html

_WEB_URL = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_PERMITTED_URL = re.compile(r"https?://[^/\s]|mailto:", re.IGNORECASE)

RenderRule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]


def add_render_rules(md: MarkdownIt) -> None:
    """Write tokens our way, and take no URL for a link but http, https and mailto."""
    md.validateLink = _is_permitted  # type: ignore[method-assign]  # the parser's documented hook
    for name, rule in _RULES.items():
        md.add_render_rule(name, rule)


def source_block(text: str) -> str:
    """Text as it was written, where rendering it would cost too much."""
    return f'<pre class="source">{escape(text)}</pre>\n'


def _is_permitted(url: str) -> bool:
    # Neither `//host` nor `/path` is a link: one leads outside unseen, the other into this application.
    return _PERMITTED_URL.match(url) is not None


def _heading(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """`#` is h3: h1 and h2 belong to the page."""
    token = tokens[index]
    level = min(int(token.tag[1]) + 2, 6)
    return f"<h{level}>" if token.nesting == 1 else f"</h{level}>\n"


def _table(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    if tokens[index].nesting == 1:
        return '<div class="table-scroll" role="region" tabindex="0" aria-label="Таблица"><table>\n'
    return "</table></div>\n"


def _cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    alignment = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f'<{token.tag} class="align-{alignment}">' if alignment in ("center", "right") else f"<{token.tag}>"


def _fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    language = language_of(token.info)
    body = escape(token.content) if env.get("plain_code") else highlight(token.content, language, env["budget"])
    return code_block(language, body)


def _formula(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return formula_html(tokens[index].content, tokens[index].markup, env["budget"])


def _formula_block(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<div class="math-block">{_formula(renderer, tokens, index, options, env)}</div>\n'


def _link_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    if _WEB_URL.match(str(token.attrGet("href"))):
        token.attrSet("target", "_blank")
    return renderer.renderToken(tokens, index, options, env)


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A link to the image: the browser must fetch nothing that an answer names until the reader asks for it."""
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children, options, env).strip()
    label = escape(f"Изображение: {alt}" if alt else "Изображение")
    url = str(token.attrGet("src"))
    if not _WEB_URL.match(url) or _is_inside_link(tokens, index):
        return label
    return f'<a class="image-link" href="{escape(url)}" target="_blank">{label}</a>'


def _is_inside_link(tokens: Sequence[Token], index: int) -> bool:
    for token in reversed(tokens[:index]):
        if token.type in ("link_open", "link_close"):
            return token.type == "link_open"
    return False


def _task_box(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    label, box = ("выполнено", "☑") if tokens[index].info else ("не выполнено", "☐")
    return f'<span class="task__box" role="img" aria-label="{label}">{box}</span> '


def _rest(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return source_block(tokens[index].content)


def _definition(*_: Any) -> str:
    return ""


_RULES: dict[str, RenderRule] = {
    "code_block": _fence,
    "definition": _definition,
    "fence": _fence,
    "formula": _formula,
    "formula_block": _formula_block,
    "heading_close": _heading,
    "heading_open": _heading,
    "image": _image,
    "link_open": _link_open,
    "rest": _rest,
    "table_close": _table,
    "table_open": _table,
    "task_box": _task_box,
    "td_open": _cell,
    "th_open": _cell,
}
