"""Code blocks."""

import pytest

from gemini.rendering import render
from gemini.rendering.code import LANGUAGES, language_name

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


def test_colours_end_where_the_budget_of_the_message_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    block = "```python\n" + "x = 1\n" * 4_000 + "```\n\n"
    html = render(block * 4)
    *coloured, plain = html.split('<div class="code-block">')[1:]
    assert all('<span class="n">' in block for block in coloured[:1])
    assert '<span class="n">' not in plain
    assert Page(html).text.count("x = 1\n") == 16_000


def test_an_indented_block_is_code_too() -> None:
    assert "code-block__language" in render("    a = 1\n")
