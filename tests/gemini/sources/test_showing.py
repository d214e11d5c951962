"""Under an answer: what was asked and what came, in words and tables, all of it escaped."""

import pytest
from django.template.loader import render_to_string

from gemini.models import ChatMessage
from gemini.sources.showing import MAX_ROWS, shown
from tests.gemini.sources.probes import INJECTION


def record(data=None, **fields):
    sent = {"state": "ok", "data": data, **fields.pop("sent", {})}
    return (
        {"name": "nbrb_convert", "title": "Курсы НБРБ", "arguments": {"from": "USD"}, "state": "ok"}
        | fields
        | {"sent": sent}
    )


def html(*records):
    return render_to_string(
        "gemini/messages/_sources.html", {"message": ChatMessage(metadata={"sources": list(records)})}
    )


def test_figures_have_names_and_rows_are_a_table():
    source = shown(
        record({"amount": "1500", "rates": [{"currency": "USD", "rate": "2.9"}]}, sent={"as_of": "2026-11-23"})
    )
    assert source.asked == [("Из", "USD")]
    assert source.facts == [("Сумма", "1500")]
    assert (source.tables[0].title, source.tables[0].columns) == ("Курсы", ["Валюта", "Курс, BYN"])
    assert source.tables[0].rows == [["USD", "2.9"]]


def test_a_page_shows_so_many_rows_and_says_how_many_more_there_are():
    source = shown(record([{"n": n} for n in range(MAX_ROWS + 7)]))
    assert (len(source.tables[0].rows), source.tables[0].more) == (MAX_ROWS, 7)


def test_what_comes_from_outside_is_text():
    page = html(
        record({"text": INJECTION, "rows": [{"<b>": INJECTION}]}, title="<i>", arguments={"<u>": INJECTION}),
    )
    assert "<script" not in page
    assert "<img" not in page
    assert not any(tag in page for tag in ("<i>", "<b>", "<u>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://hh.ru/", "//evil.example"])
def test_a_link_that_is_none_of_ours_is_not_drawn(url):
    assert "href" not in html(record({}, url=url))
    assert 'href="https://hh.ru/vacancy/1"' in html(record({}, url="https://hh.ru/vacancy/1"))


def test_a_state_other_than_ok_is_said_in_words():
    page = html(record(None, state="stale", sent={"message": "НБРБ сейчас не отвечает.", "as_of": "2026-11-19"}))
    assert "данные устарели" in page
    assert "на 19.11.2026" in page
    assert "НБРБ сейчас не отвечает." in page


@pytest.mark.parametrize("broken", [{}, {"sent": None}, {"state": "later", "sent": {"data": [1, "a", None]}}])
def test_a_record_of_another_time_breaks_no_page(broken):
    assert "<details" in html(broken)


def test_an_answer_without_sources_has_nothing_under_it():
    assert "details" not in html()
