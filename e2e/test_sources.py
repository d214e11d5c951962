"""The model asks for data, and the reader sees what it asked and what it got."""

import re
import sqlite3
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from e2e.conftest import Person
from tests.processes import Server

QUESTION = "Сколько будет 1500 USD в рублях на вчера?"


def stored_rate(server: Server, currency: str) -> float:
    yesterday = datetime.now(ZoneInfo("Europe/Minsk")).date() - timedelta(days=1)
    with sqlite3.connect(server.database) as database:
        query = "SELECT rate FROM gemini_nbrbrate WHERE currency = ? AND date = ?"
        return database.execute(query, (currency, yesterday.isoformat())).fetchone()[0]


def data_of(someone: Person) -> Locator:
    return someone.chat.finished_answer.locator("details").filter(has_text="Данные:")


def test_a_sum_is_converted_by_the_banks_rate_and_the_rate_is_under_the_answer(alice, server):
    alice.chat.begin("[[echo]] Начало")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.requests.clear()
    alice.chat.send(QUESTION)
    answer = alice.chat.finished_answer
    expect(answer).to_contain_text("по официальному курсу НБРБ")
    rate = stored_rate(server, "USD")
    figure = re.search(r"это ([\d\s]+,\d\d) BYN", answer.inner_text())
    assert figure
    assert float(re.sub(r"\s", "", figure[1]).replace(",", ".")) == pytest.approx(1500 * rate, abs=0.005)
    details = data_of(alice)
    details.locator("summary").click()
    expect(details.get_by_role("table")).to_contain_text(f"{rate:.4f}")
    expect(details).to_contain_text("Что спросили")
    expect(details.get_by_text("1500", exact=True).first).to_be_visible()
    assert not alice.requested("document")
    alice.page.reload()
    expect(data_of(alice)).to_be_visible()


def test_the_details_open_and_close_by_keyboard(alice):
    alice.chat.begin(QUESTION)
    summary = data_of(alice).locator("summary")
    summary.focus()
    alice.page.keyboard.press("Enter")
    expect(data_of(alice).get_by_role("table")).to_be_visible()
    alice.page.keyboard.press("Enter")
    expect(data_of(alice).get_by_role("table")).to_be_hidden()


def test_vacancies_are_found_and_listed_with_links_to_the_site(alice):
    alice.chat.begin("Найди вакансии python в Минске")
    answer = alice.chat.finished_answer
    expect(answer).to_contain_text("Найдено вакансий")
    expect(answer.get_by_role("link", name="Python-разработчик").first).to_have_attribute(
        "href", re.compile(r"^https://rabota\.by/vacancy/\d+$")
    )
    data_of(alice).locator("summary").click()
    expect(data_of(alice).get_by_role("columnheader", name="Должность")).to_be_visible()


def test_what_is_looked_up_is_said_while_it_takes_and_a_reload_says_it_too(alice, sources):
    sources.nbrb.fail("slow")
    alice.chat.begin("Какой курс евро на 2026-02-03?")
    expect(alice.chat.answer).to_contain_text("Смотрю курсы НБРБ…")
    alice.page.reload()
    expect(alice.chat.answer).to_contain_text("Смотрю курсы НБРБ…")
    alice.chat.stop()
    expect(alice.page.get_by_text("Ответ остановлен.")).to_be_visible()
    expect(alice.chat.answer).not_to_contain_text("Смотрю курсы НБРБ…")


def test_without_javascript_the_page_says_what_is_looked_up_and_shows_what_came(person, sources):
    reader = person("plain", java_script_enabled=False)
    sources.nbrb.fail("slow", times=1)
    reader.chat.open_new()
    reader.chat.composer.fill("Какой курс юаня на 2026-02-04?")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.answer).to_contain_text("Смотрю курсы НБРБ…")
    expect(reader.chat.finished_answer).to_contain_text("10 CNY = ")
    data_of(reader).locator("summary").click()
    expect(data_of(reader).get_by_role("table")).to_contain_text("CNY")


def test_a_source_in_maintenance_is_said_and_the_answer_ends(alice, sources):
    sources.nbrb.fail("html")
    alice.chat.begin("Какой курс злотого на 2026-02-05?")
    expect(alice.chat.finished_answer).to_contain_text("НБРБ сейчас не отвечает")
    expect(data_of(alice)).to_contain_text(re.compile("недоступно|данные устарели"))
