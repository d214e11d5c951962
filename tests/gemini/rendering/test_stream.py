"""A growing message."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gemini.rendering import BlockRenderer, render
from gemini.rendering.budget import Budget
from gemini.rendering.message import html_or_source, normalise
from gemini.rendering.sanitizing import clean

from .page import Page

PIECES = [
    "Абзац из слов.\n", "ещё строка", "\n", "\n\n", "  \n", "- пункт\n", "- \n", "  - вложенный\n", "- a\n\n- b\n",
    "* другой\n", "1. один\n", "2. два\n", "   продолжение\n", "# Глава\n", "Итог\n===\n", "---\n", "===\n", "***\n",
    "```python\nx = 1\n\n", "```\n", "~~~\n", "````", "    код\n", "\tкод\n", "> цитата\n", "> > глубже\n",
    "ленивая\n", ">\n", "| a | b |\n", "|---|:-:|\n", "| 1 | **2** |\n", "a | b\n", "-|-\n", "\\[\n", "\\]\n", "$$\n",
    "a = b\n\n+ c\n", "$$x$$\n", "вот $$", "\\(x\\) ", "**жир** ", "**", "`", "код` ", "_", "<div>\n", "<b>x</b> ",
    "&amp; ", "$5 ", "$x$ ", "[a](https://b.example) ", "![i](https://c.example) ", "[r] ", "- [x] дело\n", "\r\n",
    "\r", "\0", "\\", "~~s~~ ", "😀", "\ud83d", "\ude00", "\u00a0",
]  # fmt: skip
DEFINITIONS = [
    "[q]: https://q.example\n",
    '"заголовок\n',
    'конец"\n',
    "[q] ",
    "[q]:\n",
    "https://w.example\n",
    "\n",
    "слово\n",
]


@st.composite
def streams(draw: st.DrawFn, pieces: list[str]) -> list[str]:
    """A text of these pieces, cut anywhere."""
    text = "".join(draw(st.lists(st.sampled_from(pieces), max_size=25)))
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=12).map(sorted))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def stream(chunks: list[str]) -> BlockRenderer:
    renderer = BlockRenderer()
    for chunk in chunks:
        before = list(renderer.blocks)
        renderer.feed(chunk)
        assert renderer.advance() == len(renderer.blocks) - len(before)
        assert renderer.blocks[: len(before)] == before, "a finished block never changes"
        renderer.tail()
    return renderer


def assert_same_as_whole(chunks: list[str]) -> None:
    renderer = stream(chunks)
    assert renderer.text == "".join(chunks)
    streamed, whole = Page("".join([*renderer.blocks, renderer.tail()])), Page(render(renderer.text))
    assert streamed.shape() == whole.shape()
    assert streamed.said() == whole.said()


@given(streams(PIECES))
@settings(max_examples=400, derandomize=True, deadline=None)
@example(["$$\na\n\n", "b\n$$\n"])
@example(["\\[\n\nтекст\n\n", "- a\n\n", "\\]\nконец\n"])
@example(["- \\[\n\n", "текст\n\n", "ещё\n"])
@example(["```\nкод\n\n", "ещё\n", "```"])
@example(["```\na\n```\n", "b\n", "\n", "c"])
@example(["a | b\n", "-|-\n", "1\n\n", "2"])
def test_blocks_and_tail_show_what_the_whole_shows(chunks: list[str]) -> None:
    assert_same_as_whole(chunks)


@given(streams(DEFINITIONS).map(lambda chunks: ["[q]: https://first.example\n\n", *chunks]))
@settings(max_examples=200, derandomize=True, deadline=None)
@example(['[a]: https://q.example\n"заголовок\n', 'конец"\n', "[a]\n"])
def test_link_definitions_reach_all_that_follows(chunks: list[str]) -> None:
    assert_same_as_whole(chunks)


def test_a_definition_that_comes_after_its_block_is_the_one_difference() -> None:
    chunks = ["см. [q]\n\nещё абзац\n", "\n[q]: https://q.example\n\nконец"]
    renderer = stream(chunks)
    assert Page(renderer.blocks[0]).text == "см. [q]\n"
    assert Page(render("".join(chunks))).links == ["https://q.example"]


@pytest.mark.parametrize("definition", ["[a]: https://x.exam", '[a]: https://x.example "на'])
def test_half_a_definition_is_not_remembered(definition: str) -> None:
    whole = '[a]: https://x.example "название"\n\nсм. [a]\n'
    renderer = stream([definition, whole.removeprefix(definition)])
    assert Page(renderer.tail()).elements[1][1]["title"] == "название"


@pytest.mark.parametrize(
    ("chunks", "finished"),
    [(["раз"], 0), (["раз\n"], 0), (["раз\n\n"], 1), (["раз\n \nдва"], 1), (["раз\n\nдва\n"], 1),
     (["# a\n", "b\n"], 1), (["- a\n\n", "- b\n", "c\n"], 0), (["- a\n\n", "c\n"], 1), (["a\n", "===\n"], 0),
     (["```\na\n\nb\n"], 0), (["```\na\n```\n", "b\n"], 1), (["$$\na\n\nb\n"], 0), (["a\n\nb\n\nc\n"], 2)],
)  # fmt: skip
def test_a_block_is_finished_when_no_line_can_change_it(chunks: list[str], finished: int) -> None:
    assert len(stream(chunks).blocks) == finished


def test_plain_words_are_one_escaped_paragraph() -> None:
    renderer = BlockRenderer()
    renderer.feed('Он сказал: "да", it\'s 5!\nи ушёл')
    assert renderer.tail() == '<p>Он сказал: "да", it\'s 5!\nи ушёл</p>\n' == render(renderer.text)


@pytest.mark.parametrize(
    "text", ["слово", "слово\nи ещё", "- пункт", "1. пункт", "# имя", "\tкод", "\nслово", "> чужое"]
)
def test_blanks_before_the_first_word_are_what_markdown_makes_of_them(text: str) -> None:
    for blanks in range(6):
        renderer = BlockRenderer()
        renderer.feed(" " * blanks + text)
        assert renderer.tail() == render(renderer.text)


WORDS = [
    "Абзац", " из", " слов", "!", " it's", ' "да"', " 5 %", ", $", " a-b", ".", "\n", "\n", "\n\n", "\n\n\n", "   ",
    "é", "…", "\u00a0",
]  # fmt: skip


@given(streams(WORDS))
@settings(max_examples=300, derandomize=True, deadline=None)
@example(["Абзац\n", "из слов!\n\n", "\n", "ещё\n\n"])
def test_paragraphs_of_words_are_what_the_parser_makes_of_them(chunks: list[str]) -> None:
    with_parser = BlockRenderer()
    with_parser._finish = with_parser._finish_blocks  # type: ignore[method-assign]
    renderer = BlockRenderer()
    for chunk in chunks:
        for one in (renderer, with_parser):
            one.feed(chunk)
            one.advance()
        assert renderer.blocks == with_parser.blocks
        assert renderer.tail() == with_parser.tail()
        assert renderer._budget == with_parser._budget
    source = normalise("".join(chunks))
    assert render(source) == clean(html_or_source(source, {"budget": Budget()}))


def test_a_paragraph_past_the_budget_is_source_also_of_mere_words() -> None:
    source = "слова\n\n" * 6_000
    renderer = stream([source[i : i + 7_000] for i in range(0, len(source), 7_000)])
    whole, streamed = Page(render(source)), Page("".join([*renderer.blocks, renderer.tail()]))
    assert "pre" in whole.tags
    assert streamed.shape() == whole.shape()


def test_an_open_code_block_is_framed_and_escaped_but_not_coloured() -> None:
    renderer = stream(["```python\nif a < b:\n"])
    assert renderer.tail().endswith('Python</span></div><pre tabindex="0"><code>if a &lt; b:\n</code></pre></div>\n')


def test_a_tail_too_long_to_draw_in_time_is_its_source() -> None:
    renderer = stream(["- **пункт**\n" * 1_300])
    assert renderer.tail().startswith('<pre class="source">- **пункт**\n')


def test_the_budget_is_the_messages_and_not_the_blocks() -> None:
    source = "абзац **жир** и `код`\n\n" * 6_000
    renderer = stream([source[i : i + 8_000] for i in range(0, len(source), 8_000)])
    whole = Page(render(source))
    streamed = Page("".join([*renderer.blocks, renderer.tail()]))
    assert "pre" in whole.tags
    assert streamed.shape() == whole.shape()
    assert streamed.said() == whole.said()


def test_a_fault_of_the_parser_leaves_the_text_in_the_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexError

    monkeypatch.setattr("gemini.rendering.stream.parse", fail)
    monkeypatch.setattr("gemini.rendering.message.parse", fail)
    renderer = stream(["**a**\n\nb\n"])
    assert renderer.blocks == []
    assert renderer.tail() == '<pre class="source">**a**\n\nb\n</pre>\n'
