"""Rates of the National Bank, through the real client, against its protocol."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db.models import F

from emulators.nbrb.figures import BY_CODE, rate
from gemini.models import NbrbRate
from gemini.sources import State

pytestmark = pytest.mark.storage

FRIDAY = date(2026, 11, 20)


async def count(**fields):
    return await NbrbRate.objects.filter(**fields).acount()


async def test_a_day_is_asked_for_once_and_kept_for_ever(ask, today, services):
    today("2026-11-23T10:00")
    first = await ask("nbrb_rate", currencies=["USD", "RUB"], date="2026-03-17")
    assert first.state == State.OK
    assert first.as_of == date(2026, 3, 17)
    dollar, rouble = first.data["rates"]
    assert dollar["rate"] == str(rate(BY_CODE["USD"], first.as_of))
    assert (rouble["scale"], Decimal(rouble["per_unit"]) * 100) == (100, Decimal(rouble["rate"]))
    services.nbrb.fail("down")
    assert await ask("nbrb_rate", currencies=["USD", "RUB"], date="2026-03-17") == first
    assert len(services.nbrb.log()) == 1
    assert await count(date=date(2026, 3, 17), listed=True) > 10


async def test_amounts_are_converted_through_roubles_and_rounded_once(ask, today):
    today("2026-11-23T10:00")
    on = date(2026, 11, 20)
    dollar, rouble = rate(BY_CODE["USD"], on), rate(BY_CODE["RUB"], on)
    result = await ask("nbrb_convert", **{"amount": "1 500,50", "from": "usd", "to": "RUB", "date": "2026-11-20"})
    exact = Decimal("1500.50") * dollar / (rouble / 100)
    assert result.data["result"] == f"{exact.quantize(Decimal('0.01')):f}"
    back = await ask("nbrb_convert", **{"amount": "100", "from": "BYN", "to": "BYN"})
    assert (back.data["result"], back.data["rates"]) == ("100.00", [])


async def test_a_weekend_has_records_of_its_own_with_fridays_value(ask, today):
    today("2026-11-23T10:00")
    values = [await ask("nbrb_rate", currency="EUR", date=f"2026-11-{day}") for day in (20, 21, 22)]
    assert len({result.data["rates"][0]["rate"] for result in values}) == 1
    assert [result.as_of.day for result in values] == [20, 21, 22]


async def test_tomorrows_rate_is_there_in_the_afternoon_and_before_that_todays_is_named(ask, today, services):
    today("2026-11-19T10:00")
    early = await ask("nbrb_rate", currency="USD", date="2026-11-20")
    assert (early.state, early.as_of) == (State.STALE, date(2026, 11, 19))
    assert early.message == "Курс на 20.11.2026 ещё не установлен. Вот курсы на 19.11.2026."
    assert not await count(date=FRIDAY)
    asked = len(services.nbrb.log())
    await ask("nbrb_rate", currency="USD", date="2026-11-20")
    assert len(services.nbrb.log()) == asked, "that it is not set is remembered for some minutes"
    cache.clear()
    today("2026-11-19T14:00")
    late = await ask("nbrb_rate", currency="USD", date="2026-11-20")
    assert (late.state, late.as_of) == (State.OK, FRIDAY)


async def test_on_a_friday_the_rate_of_monday_is_set(ask, today):
    today("2026-11-20T14:00")
    assert (await ask("nbrb_rate", currency="USD", date="2026-11-23")).state == State.OK


async def test_todays_rate_is_asked_for_again_after_some_hours_and_a_past_one_never(ask, today, services):
    today("2026-11-20T10:00")
    await ask("nbrb_rate", currency="USD")
    await ask("nbrb_rate", currency="USD", date="2026-11-19")
    await NbrbRate.objects.aupdate(fetched_at=F("fetched_at") - timedelta(hours=7))
    await ask("nbrb_rate", currency="USD")
    await ask("nbrb_rate", currency="USD", date="2026-11-19")
    asked = [dict(entry["query"])["ondate"] for entry in services.nbrb.log()]
    assert asked == ["2026-11-20", "2026-11-19", "2026-11-20"]


async def test_a_currency_of_a_monthly_list_is_found_by_its_letters(ask, today, services):
    today("2026-11-20T10:00")
    result = await ask("nbrb_rate", currency="MNT")
    assert result.data["rates"][0]["scale"] == 1000
    assert ["parammode", "2"] in services.nbrb.log()[-1]["query"]
    unknown = await ask("nbrb_rate", currency="ZZZ")
    assert (unknown.state, unknown.message) == (State.INVALID, "НБРБ не устанавливает курс ZZZ.")
    asked = len(services.nbrb.log())
    await ask("nbrb_rate", currency="ZZZ")
    assert len(services.nbrb.log()) == asked


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"date": "2016-06-30"}, "прежних рублях"),
        ({"date": "2027-11-20"}, "далёкий день"),
        ({"date": "вчера"}, "день нужен в виде"),
    ],
)
async def test_days_that_make_no_sense_are_refused_in_words(ask, today, services, arguments, words):
    today("2026-11-20T10:00")
    result = await ask("nbrb_rate", **arguments)
    assert result.state == State.INVALID
    assert words in result.message
    assert not services.nbrb.log()


async def test_rates_of_a_stand_in_never_pass_for_those_of_the_bank(ask, today, settings):
    today("2026-11-20T10:00")
    await ask("nbrb_rate", currency="USD")
    assert await count(origin="emulator") == await count() > 0
    settings.NBRB_BASE_URL = "https://nbrb.invalid"
    assert (await ask("nbrb_rate", currency="USD")).state == State.UNAVAILABLE


async def test_many_who_want_one_day_ask_once(ask, today, services):
    import asyncio

    today("2026-11-20T10:00")
    results = await asyncio.gather(*(ask("nbrb_rate", currency="USD", date="2026-11-18") for _ in range(20)))
    assert {result.state for result in results} == {State.OK}
    assert len(services.nbrb.log()) == 1
