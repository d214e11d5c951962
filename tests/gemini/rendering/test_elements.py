"""What each element of Markdown becomes."""

import pytest

from gemini.rendering import render

from .page import Page


@pytest.mark.parametrize(("hashes", "tag"), [(1, "h3"), (2, "h4"), (3, "h5"), (4, "h6"), (6, "h6")])
def test_headings_of_an_answer_stand_below_those_of_the_page(hashes: int, tag: str) -> None:
    assert render("#" * hashes + " Итог") == f"<{tag}>Итог</{tag}>\n"


def test_one_line_break_is_a_soft_break() -> None:
    assert render("раз\nдва") == "<p>раз\nдва</p>\n"


def test_strikethrough_and_emphasis() -> None:
    assert render("~~нет~~ **да** *ну*") == "<p><s>нет</s> <strong>да</strong> <em>ну</em></p>\n"


def test_a_table_scrolls_in_a_named_region_and_aligns_by_class() -> None:
    html = render("| a | b |\n|--:|:-:|\n| 1 | 2 |")
    assert html.startswith('<div class="table-scroll" role="region" tabindex="0" aria-label="Таблица"><table>')
    assert '<td class="align-right">1</td>' in html
    assert '<td class="align-center">2</td>' in html
    assert "style" not in html


def test_tasks_show_their_state_without_form_controls() -> None:
    page = Page(render("- [ ] налог\n- [x] отчёт\n- просто"))
    assert [a.get("aria-label") for tag, a in page.elements if tag == "span"] == ["не выполнено", "выполнено"]
    assert [a.get("class") for tag, a in page.elements if tag == "li"] == ["task", "task", None]
    assert "input" not in page.tags


def test_an_ordered_list_keeps_its_first_number() -> None:
    assert '<ol start="7">' in render("7. семь\n8. восемь")


@pytest.mark.parametrize("url", ["https://example.com/a?b=1&c=2", "http://example.com", "mailto:a@example.com"])
def test_web_and_mail_links_are_links(url: str) -> None:
    page = Page(render(f'[сюда]({url} "заголовок")'))
    assert page.links == [url]
    assert page.text.strip() == "сюда"


def test_a_web_link_opens_apart_and_tells_the_site_nothing() -> None:
    (_, link) = Page(render("[x](https://example.com)")).elements[1]
    assert link == {"href": "https://example.com", "target": "_blank", "rel": "noopener noreferrer nofollow"}


@pytest.mark.parametrize(
    "url", ["//evil.example", "/logout", "#top", "?a=1", "page", "tel:112", "ftp://a", "https:///x"]
)
def test_any_other_address_stays_the_text_it_was(url: str) -> None:
    page = Page(render(f"[сюда]({url})"))
    assert page.links == []
    assert page.text.strip() == f"[сюда]({url})"


def test_an_image_is_a_link_that_says_so() -> None:
    html = render("![Схема *сети*](https://example.com/a.png)")
    page = Page(html)
    assert page.links == ["https://example.com/a.png"]
    assert page.text.strip() == "Изображение: Схема сети"
    assert "img" not in page.tags


def test_an_image_inside_a_link_adds_no_second_link() -> None:
    page = Page(render("[![лого](https://a.example/i.png)](https://b.example)"))
    assert page.links == ["https://b.example"]
    assert page.text.strip() == "Изображение: лого"


@pytest.mark.parametrize("source", ["**жир", "`код", "[ссылка", "~~нет", "[a](http://", "***", "![", "$x"])
def test_what_is_not_closed_is_plain_text(source: str) -> None:
    assert Page(render("текст " + source)).text.strip() == "текст " + source


@pytest.mark.parametrize(("source", "shown"), [("a\0b", "a\ufffdb"), ("\ud83d\ude00", "😀"), ("x\ud83dy", "x\ufffdy")])
def test_what_is_not_unicode_text_is_replaced(source: str, shown: str) -> None:
    assert Page(render(source)).text.strip() == shown


def test_carriage_returns_are_line_ends() -> None:
    assert render("- a\r\n- b\r\rc") == render("- a\n- b\n\nc")


def test_a_fault_of_the_parser_still_shows_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexError

    monkeypatch.setattr("gemini.rendering.message.parse", fail)
    assert render("**a** <b>") == '<pre class="source">**a** &lt;b&gt;</pre>\n'
