"""LaTeX."""

import pytest

from gemini.rendering import render

from .page import Page


def displays(source: str) -> list[str]:
    return [attributes["display"] for tag, attributes in Page(render(source)).elements if tag == "math"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [(r"сумма \(a+b\) тут", ["inline"]), (r"\[a\]", ["block"]), ("$$a$$", ["block"]), (r"вот \[a\] тут", ["block"]),
     ("Ответ: $$a$$.", ["block"]), ("\\[\na\n\n+ b\n\\]", ["block"]), ("$$\na\n- b\n\n= c\n$$", ["block"]),
     ("Итак:\n\\[\na\n\\]\nи", ["block"]), ("Итак:\n$$\n- a\n$$\nи", ["block"]), ("сумма $$\na\n$$ и", ["block"]),
     ("1. шаг\n\n   \\[\n   a\n   \\]\n2. шаг \\(b\\)", ["block", "inline"]), ("> $$\n> a\n> $$", ["block"]),
     (r"| a |" "\n|---|\n" r"| \(x\) |", ["inline"]), (r"**\(x\)**", ["inline"])],
)  # fmt: skip
def test_formulas_are_found_where_models_write_them(source: str, expected: list[str]) -> None:
    assert displays(source) == expected
    assert "math-error" not in render(source)


@pytest.mark.parametrize(
    "source",
    [r"`\(a\)`",
     "```\n$$\na\n$$\n```", r"\\(a\\)", r"\(a", r"\[a", "$$\na", r"\(\)", r"\[ \]", "    \\[\n    a\n    \\]",
     "> $$\n> a\n\n$$", "- \\[ a\n\nтекст \\]"],
)  # fmt: skip
def test_code_escapes_and_open_delimiters_are_no_formulas(source: str) -> None:
    assert displays(source) == []


def test_mathml_reaches_the_page_whole() -> None:
    html = render(r"\[\frac{a}{\sqrt{b}} + \sum_{i=1}^{n} x_i^2 = \begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}\]")
    assert {"mfrac", "msqrt", "munderover", "msubsup", "mtable", "mtr", "mtd"} <= set(Page(html).tags)


@pytest.mark.parametrize(
    "latex",
    [r"\frac", "a_b_c", r"\left(", r"\begin{matrix}a", "}{", "^", r"\sqrt" * 300, "a_{" * 400 + "}" * 400,
     r"\def\a{\b\b}\a", r"\newcommand{\a}{x}\a", r"\href{javascript:alert(1)}{", r"\color", r"\not", r"\hskip"],
)  # fmt: skip
def test_broken_latex_is_shown_as_it_was_written(latex: str) -> None:
    page = Page(render(rf"до \({latex}\) после"))
    if "math" not in page.tags:
        assert page.text.strip() == rf"до \({latex}\) после"
        assert ("code", {"class": "math-error"}) in page.elements


@pytest.mark.parametrize("latex", [r"\frac", r"\left(", "a_b_c", r"\def\a{\b\b}\a"])
def test_what_latex2mathml_refuses_is_marked_as_an_error(latex: str) -> None:
    assert f'<code class="math-error">\\({latex}\\)</code>' in render(rf"\({latex}\)")


def test_a_formula_past_the_budget_keeps_its_source() -> None:
    page = Page(render(r"\(x\) " * 500))
    assert page.tags.count("math") == 400
    assert page.text.count(r"\(x\)") == 100


def test_text_in_a_formula_is_never_markup() -> None:
    page = Page(render(r"\(\text{<img src=x onerror=alert(1)>}\) \(\text{&lt;b&gt;}\)"))
    assert not {"img", "b"} & set(page.tags)
    assert "<img" in page.text


@pytest.mark.parametrize(
    "latex", [r"\hspace{-999em}x", r"\raise{-400em}{x}", r"\rule{900em}{900em}", r"\class{modal}{x}"]
)
def test_a_formula_stays_in_its_place(latex: str) -> None:
    html = render(rf"\({latex}\)")
    assert not any(word in "".join(map(str, Page(html).elements)) for word in ("999", "400", "900", "modal"))
