"""The page of official rates: a day, a sum, a line, and what is said when something of it is missing."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from gemini.models import NbrbRate
from gemini.sources import http
from gemini.sources.nbrb import rates

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]

URL = "/gemini/rates/"
MONDAY = "2026-11-23T10:00"


@pytest.fixture
def at(monkeypatch, services):
    """Makes it another time in Minsk, here and at the bank."""

    def set_time(moment: str) -> date:
        now = rates.datetime.fromisoformat(moment).replace(tzinfo=rates.MINSK)
        monkeypatch.setattr(rates, "now", lambda: now)
        services.nbrb.fail("", now=moment)
        return now.date()

    return set_time


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(http, "PAUSE", 0.01)


def text(response) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ")
    return " ".join(words.split())


def stored(currency: str, day: date) -> Decimal:
    return NbrbRate.objects.get(currency=currency, date=day).rate


def shown(value: Decimal) -> str:
    return f"{value:.4f}".replace(".", ",")


def test_today_is_shown_with_the_change_since_yesterday(alices, at):
    today = at(MONDAY)
    page = alices.get(URL)
    now, before = stored("EUR", today), stored("EUR", today - timedelta(days=1))
    assert "Курсы на 23 ноября 2026" in text(page)
    assert f"EUR 1 {shown(now)} {'+' if now > before else '−'}{shown(abs(now - before))}" in text(page)
    assert "100 RUB" in text(alices.get(URL, {"from": "RUB"})), "a scale is said"


def test_a_sum_is_converted_by_the_rates_of_its_day_and_says_which(alices, at):
    at(MONDAY)
    page = alices.get(URL, {"amount": "1 500,5", "from": "rub", "to": "USD", "date": "2026-03-04"})
    rub, usd = stored("RUB", date(2026, 3, 4)), stored("USD", date(2026, 3, 4))
    result = (Decimal("1500.5") * rub / 100 / usd).quantize(Decimal("0.01"))
    assert f"1 500,5 RUB = {result} USD".replace(".", ",") in text(page)
    assert f"на 4 марта 2026: 100 RUB = {shown(rub)} BYN, 1 USD = {shown(usd)} BYN" in text(page)


def test_tomorrow_is_offered_once_it_is_published(alices, at):
    at("2026-11-23T10:00")
    assert "Завтра" not in text(alices.get(URL))
    cache.clear()
    at("2026-11-23T16:00")
    page = alices.get(URL)
    assert "Завтра, 24 ноября" in text(page)
    assert "Курсы на 24 ноября 2026" in text(alices.get(URL, {"date": "2026-11-24"}))


def test_a_day_without_rates_yet_shows_todays_and_says_so(alices, at):
    at(MONDAY)
    page = text(alices.get(URL, {"date": "2026-11-26"}))
    assert "Курс на 26.11.2026 ещё не установлен. Вот курсы на 23.11.2026." in page
    assert "Курсы на 23 ноября 2026" in page
    assert "По официальному курсу на 23 ноября 2026" in page


def test_a_day_that_has_no_rate_at_all_is_said_in_words(alices, at):
    at(MONDAY)
    page = text(alices.get(URL, {"date": "2016-06-30"}))
    assert "Курсов нет" in page
    assert "Курсы до 1 июля 2016 года" in page
    assert "По официальному курсу" not in page


def test_without_the_bank_the_last_known_rates_come_with_their_date(alices, at, services, impatient):
    at("2026-11-20T10:00")
    alices.get(URL)
    at(MONDAY)
    cache.clear()
    services.nbrb.fail("html")
    page = alices.get(URL)
    assert page.status_code == 200
    assert "НБРБ сейчас не отвечает. Вот последние известные курсы, на 20.11.2026." in text(page)
    assert "Курсы на 20 ноября 2026" in text(page)
    assert "вот сохранённые курсы, некоторых дней может не быть" in text(page)


@pytest.mark.parametrize("kind", ["down", "html", "malformed", "503", "slow"])
def test_without_the_bank_and_without_stored_rates_that_is_said(alices, at, services, impatient, kind):
    at(MONDAY)
    services.nbrb.fail(kind)
    page = alices.get(URL)
    assert page.status_code == 200
    assert "НБРБ сейчас не отвечает. Сохранённых курсов ещё нет." in text(page)
    assert not NbrbRate.objects.exists()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"amount": "сто"}, "Сумма нужна числом"),
        ({"amount": "-5"}, "Сумма нужна числом"),
        ({"amount": "1,500"}, "Сумма нужна числом"),
        ({"amount": "9" * 30}, "не более 24"),
        ({"from": "XXX"}, "Курса этой валюты на этот день нет."),
        ({"to": "<b>"}, "Курса этой валюты на этот день нет."),
        ({"date": "2026-02-31"}, "Такого дня нет."),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "rates-result"}])
def test_what_makes_no_sense_is_said_and_the_rest_still_shown(alices, at, query, words, headers):
    at(MONDAY)
    page = alices.get(URL, query, headers=headers)
    assert page.status_code == 422
    assert words in text(page)
    assert "Курсы на 23 ноября 2026" in text(page)
    assert "По официальному курсу" not in text(page)
    assert b"<b>" not in page.content


@pytest.mark.parametrize("query", [{"period": "7y"}, {"currency": "доллар"}, {"currency": "usd"}])
def test_an_unknown_period_or_currency_of_the_line_falls_back(alices, at, query):
    at(MONDAY)
    page = alices.get(URL, query)
    assert page.status_code == 422
    assert "Курс USD по дням" in text(page)


@pytest.mark.parametrize(("period", "days"), [("30d", 30), ("90d", 90), ("365d", 365)])
def test_the_line_has_a_day_for_each_day_with_words_and_a_table(alices, at, period, days):
    at(MONDAY)
    page = alices.get(URL, {"currency": "EUR", "period": period, "from": "RUB"})
    body = page.content.decode()
    [points] = re.findall(r'points="([^"]*)"', body)
    assert len(points.split()) == body.count('class="chart__day"') == days
    assert 'role="img" aria-labelledby="course-name course-words"' in body
    lowest = min(
        NbrbRate.objects.filter(currency="EUR", date__gt=date(2026, 11, 23) - timedelta(days=days)).values_list(
            "rate", flat=True
        )
    )
    assert f"Наименьший курс {shown(lowest)}" in text(page)
    assert "По дням" in text(page)
    assert 'form="converter" name="currency" value="EUR"' in body


def test_a_currency_without_history_is_said(alices, at):
    at(MONDAY)
    assert "НБРБ не устанавливал курс QQQ в эти дни." in text(alices.get(URL, {"currency": "QQQ"}))


@pytest.mark.parametrize("target", ["rates", "rates-result", "table-rates", "table-points"])
def test_htmx_gets_only_the_part_that_it_asks_for(alices, at, target):
    at(MONDAY)
    part = alices.get(URL, {"sort": "-rate"}, headers={"HX-Request": "true", "HX-Target": target})
    assert part.content.lstrip().startswith((f'<div id="{target}"'.encode(), f'<section id="{target}"'.encode()))
    assert part.headers["Vary"].startswith("HX-Request, HX-Target")


def test_nobody_and_other_methods(client, alices):
    assert client.get(URL).url == f"{reverse('account_login')}?next={URL}"
    assert alices.post(URL).status_code == 405
