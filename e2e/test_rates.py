import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from e2e.data_pages import RatesPage


@pytest.fixture
def rates(alice):
    # Enter changes a field and submits it: htmx says so of the first request, which the second replaces.
    alice.forgive("htmx:sendAbort", "htmx:afterRequest")
    page = RatesPage(alice.page, alice.url)
    page.open()
    return page


def test_a_sum_is_converted_in_place_and_the_address_keeps_it(alice, rates):
    expect(rates.table.get_by_role("rowheader", name="USD")).to_be_visible()
    alice.requests.clear()
    rates.convert("1 500,50", "RUB", "USD")
    expect(rates.result).to_contain_text(re.compile(r"1\s500,5 RUB =\s+[\d,]+ USD"))
    assert not alice.requested("document")
    expect(alice.page).to_have_url(re.compile(r"amount=1(\+|%20)500%2C50&from=RUB&to=USD"))
    words = rates.result.inner_text()
    alice.page.reload()
    assert rates.result.inner_text() == words
    alice.page.go_back()
    expect(rates.result).not_to_have_text(words)


def test_another_day_changes_the_table_the_form_and_the_sum_together(alice, rates):
    yesterday = datetime.now(ZoneInfo("Europe/Minsk")).date() - timedelta(days=1)
    alice.requests.clear()
    alice.page.get_by_role("link", name="←").click()
    expect(alice.page.get_by_label("На день")).to_have_value(yesterday.isoformat())
    expect(alice.page.locator(".conversion__ground")).to_contain_text(f"на {yesterday.day} ")
    assert not alice.requested("document")


def test_a_currency_of_the_table_has_its_line_and_the_period_is_kept(alice, rates):
    alice.requests.clear()
    rates.table.get_by_role("link", name="PLN").click()
    expect(alice.page.get_by_role("heading", name="Курс PLN по дням")).to_be_in_viewport()
    alice.page.get_by_role("link", name="90 дней").click()
    expect(alice.page.locator(".chart__day")).to_have_count(90)
    rates.convert("5", "EUR", "BYN")
    expect(rates.result).to_contain_text("5 EUR =")
    expect(rates.chart).to_have_accessible_name(re.compile("^Линия курса PLN Наименьший курс"))
    expect(alice.page.locator(".chart__day")).to_have_count(90)
    alice.page.get_by_text("Все значения таблицей").click()
    expect(alice.page.get_by_role("region", name="По дням").last.get_by_role("rowheader")).to_have_count(31)
    assert not alice.requested("document")


def test_what_is_typed_wrong_is_said_and_the_rates_stay(alice, rates):
    alice.forgive("422")
    rates.convert("сто", "USD", "BYN")
    expect(alice.page.get_by_role("alert").first).to_contain_text("Сумма нужна числом")
    expect(rates.table.get_by_role("rowheader", name="USD")).to_be_visible()


def test_the_keyboard_alone_sorts_converts_and_chooses_a_line(alice, rates):
    rates.page.get_by_label("Сумма").focus()
    rates.page.keyboard.press("Control+A")
    rates.page.keyboard.type("7")
    rates.page.keyboard.press("Enter")
    expect(rates.result).to_contain_text("7 USD =")
    expect(rates.page.get_by_label("Сумма")).to_be_focused()
    rates.table.get_by_role("columnheader", name="Курс, BYN").get_by_role("link").focus()
    rates.page.keyboard.press("Enter")
    expect(rates.table.get_by_role("columnheader", name="Курс, BYN")).to_have_attribute("aria-sort", "descending")
    expect(rates.table.get_by_role("columnheader", name="Курс, BYN").get_by_role("link")).to_be_focused()


def test_without_javascript_the_form_and_the_links_are_whole_pages(person):
    reader = person("plain", java_script_enabled=False)
    rates = RatesPage(reader.page, reader.url)
    rates.open()
    rates.convert("20", "EUR", "USD")
    expect(rates.result).to_contain_text("20 EUR =")
    rates.table.get_by_role("link", name="CNY").click()
    expect(reader.page.get_by_role("heading", name="Курс CNY по дням")).to_be_in_viewport()
    expect(rates.result).to_contain_text("20 EUR =")
    reader.page.get_by_role("link", name="Год", exact=True).click()
    reader.page.get_by_text("Все значения таблицей").click()
    reader.page.get_by_role("navigation", name="Страницы таблицы «По дням»").get_by_role("link", name="Дальше").click()
    expect(reader.page.get_by_role("navigation", name="Страницы таблицы «По дням»")).to_contain_text("2 из 12")


def test_a_bank_that_is_silent_is_said(alice, rates, sources):
    sources.nbrb.fail("html")
    try:
        alice.go("/gemini/rates/?date=2017-05-05")
        expect(alice.page.get_by_text("НБРБ сейчас не отвечает.").first).to_be_visible()
    finally:
        sources.nbrb.reset()
