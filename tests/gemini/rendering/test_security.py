"""What an answer must never bring into a page, whatever it holds."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemini.rendering import BlockRenderer, render
from gemini.rendering.sanitizing import clean

from .page import Page

ELEMENTS = """
    a blockquote br code div em h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul
    math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup
    mtable mtd mtext mtr munder munderover
"""
ATTRIBUTES = """
    aria-label class href rel role start tabindex target title
    accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height
    largeop linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation rowlines
    rowspacing rspace scriptlevel separator stretchy symmetric voffset width xmlns
"""
CLASSES = re.compile(
    r"image-link|math-error|math-block|code-block(__header|__language)?|table-scroll|task|task__box|source"
    r"|align-(center|right)|[a-z][a-z0-9]{0,2}"
)

PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<iframe src=//e.example></iframe>", "<style>*{display:none}</style>",
    '<form action="/logout"><button>x</button></form>', "<!--><script>alert(1)</script>-->",
    '<a hx-get="/x" hx-trigger="load">x</a>', '<div hx-on:click="alert(1)">x</div>', '<div data-hx-post="/x">x</div>',
    '<p id="composer" style="position:fixed" class="modal">x</p>', "<base href=//e.example>",
    "<meta http-equiv=refresh content=0>", '<input type=checkbox autofocus onfocus="alert(1)">',
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=1>'>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))", "[x](<java\nscript:alert(1)>)", "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))", "[x](&#x6A&#x61;vascript:alert(1))", "[x](%6aavascript:alert(1))",
    "[x](\\javascript:alert(1))", "[x](\x01javascript:alert(1))", "[x](\u00a0javascript:alert(1))",
    "[x](vbscript:msgbox(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](file:///etc/passwd)",
    "[x](blob:https://a/b)", "[x](//evil.example)", "[x](/\\evil.example)", "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>", "<data:text/html,x>", "<vbscript:x>", "<tel:112>", "<a@b.example>",
    "[x]\n\n[x]: javascript:alert(1)", '[x][y]\n\n[y]: https://a.example "q\\" onmouseover=\\"alert(1)"',
    '[x](https://a.example "t" onclick="alert(1)")', "[x](https://a.example '\" onclick=alert(1) x=\"')",
    '[x](https://a.example" onclick="alert(1))', "![x](https://e.example/?q=secret)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)", "![x](javascript:alert(1))",
    "![x][i]\n\n[i]: https://e.example/i.png", '![" onerror="alert(1)](https://e.example)',
    "![<img src=x onerror=alert(1)>](https://e.example)", "[![x](https://e.example)](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x onerror=alert(1)&#62;", "**<b onclick=alert(1)>x</b>**",
    "# <h1 id=x>y</h1>", "| <td onclick=alert(1)> |\n|---|\n| <script> |", "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```', "``` <img/src=x/onerror=alert(1)>\nx\n```", "```py hx-get=/x\nx\n```",
    "`<script>alert(1)</script>`", "- [x] <script>alert(1)</script>", r"\(\text{<script>alert(1)</script>}\)",
    r"\(\href{javascript:alert(1)}{x}\)", r"\(\style{position:fixed}{x}\)", r"\(\class{modal}{x}\)",
    r"\[\begin{matrix}<img src=x onerror=alert(1)>\end{matrix}\]", r"$\text{&lt;img src=x onerror=alert(1)&gt;}$",
    r"\(\color{red;x:url(//e)}{x}\)", r"\(<script>\)", r"\(\frac<img src=x onerror=alert(1)>\)",
    r"\(\verb|<script>alert(1)</script>|\)", r"\(\tag{<a href=javascript:1>}\)", "$<svg/onload=alert(1)>$",
    "\\[\\frac</code><script>alert(1)</script>", "> <script>\n> alert(1)\n> </script>",
    "<<script>script>alert(1)<</script>/script>",
]  # fmt: skip


def assert_harmless(html: str) -> None:
    for tag, attributes in Page(html).elements:
        assert tag in ELEMENTS.split()
        assert attributes.keys() <= set(ATTRIBUTES.split())
        assert all(CLASSES.fullmatch(name) for name in attributes.get("class", "").split())
        if tag == "a":
            assert re.match(r"https?://|mailto:", attributes.get("href", "mailto:"), re.IGNORECASE)
            assert attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "текст {} текст", "- {}", "> {}", "**{}**", "[{}](https://a.example)"])
def test_an_answer_brings_nothing_active(payload: str, around: str) -> None:
    source = around.format(payload)
    assert_harmless(render(source))
    renderer = BlockRenderer()
    for character in source + "\n\nконец\n":
        renderer.feed(character)
        renderer.advance()
    assert_harmless("".join([*renderer.blocks, renderer.tail()]))


@given(
    st.lists(
        st.sampled_from([*PAYLOADS, "\n", "\n\n", " ", "**", "`", "```\n", "$$", "[", "](", ")", "<", '"']), max_size=8
    ).map("".join)
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_nor_does_any_mixture(source: str) -> None:
    assert_harmless(render(source))


def test_html_is_shown_as_the_text_it_is() -> None:
    assert Page(render(PAYLOADS[0])).text.strip() == PAYLOADS[0]


def test_every_link_is_marked_as_foreign() -> None:
    html = render("<https://a.example> [b](http://b.example) ![c](https://c.example)")
    assert html.count('target="_blank"') == html.count('rel="noopener noreferrer nofollow"') == 3


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", "<img src=x>", "<a href=javascript:x>x</a>",
        "<p id=x style=x onclick=x hx-get=x data-x=x>x</p>", '<a href="//e.example">x</a>',
        '<div class="modal">x</div>', "<input>", '<span style="color:red">x</span>',
        '<math><annotation-xml encoding="text/html"><img src=x onerror=1></annotation-xml></math>',
        '<div role="dialog">x</div>',
    ],
)  # fmt: skip
def test_the_sanitiser_alone_would_stop_what_the_parser_let_through(html: str) -> None:
    assert_harmless(clean(html))
    assert "modal" not in clean(html)
    assert "dialog" not in clean(html)
