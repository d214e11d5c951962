"""Code blocks."""

import pytest

from gemini.rendering import render
from gemini.rendering.budget import Budget
from gemini.rendering.code import LANGUAGES, highlight, language_name

from .page import Page


@pytest.mark.parametrize(
    ("info", "name"),
    [("py", "Python"), ("JavaScript", "JavaScript"), ("c++", "C++"), ("", "Код"), ("brainfuck", "brainfuck"),
     ('<b onclick="x">', "<b"), ("python title=x", "Python")],
)  # fmt: skip
def test_the_header_names_the_language(info: str, name: str) -> None:
    page = Page(render(f"```{info}\nx\n```"))
    assert page.elements[2] == ("span", {"class": "code-block__language"})
    assert page.words[0] == name


def test_code_is_coloured_by_classes_and_keeps_every_character() -> None:
    code = 'def f(a):\n\treturn "<b>&amp;" + a  # ж\n\n'
    html = render(f"```python\n{code}```")
    assert '<span class="k">def</span>' in html
    assert Page(html).text.strip("\n") == "Python" + code.rstrip("\n")
    assert "style=" not in html


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_listed_language_has_a_lexer_that_loses_nothing(language: str) -> None:
    code = "\n\n  x = {'a': [1, \"b\"]} /* ` */ <t>\t$v\n# \\ @\n"
    assert Page(render(f"~~~{language}\n{code}~~~")).text == language_name(language) + code + "\n"


@pytest.mark.parametrize("line", ["x" * 501, "a.\n" + "\n" * 120 + "b"])
def test_code_that_colours_could_choke_on_is_plain(line: str) -> None:
    html = render(f"```ts\n{line}\n```")
    assert html.count("<span") == 1
    assert line in html


@pytest.mark.parametrize("spent", [Budget(code_characters=5), Budget(highlighting_seconds=0)])
def test_colours_end_where_the_budget_of_the_message_ends(spent: Budget) -> None:
    assert highlight("x = 1\n", "python", spent) == "x = 1\n"


def test_a_lexer_that_takes_too_long_is_left_and_not_asked_again() -> None:
    budget = Budget(highlighting_seconds=1e-9)
    assert highlight("x = '<'\n" * 100, "python", budget) == "x = &#x27;&lt;&#x27;\n" * 100
    assert budget.highlighting_seconds == 0


def test_coloured_code_is_paid_for() -> None:
    budget = Budget()
    assert '<span class="n">x</span>' in highlight("x = 1\n", "python", budget)
    assert budget.code_characters == Budget().code_characters - 6
    assert budget.highlighting_seconds < Budget().highlighting_seconds


def test_an_indented_block_is_code_too() -> None:
    assert "code-block__language" in render("    a = 1\n")
