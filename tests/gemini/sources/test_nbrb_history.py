"""A currency over time: numbers that changed, pieces of a year, and what is not asked for twice."""

from datetime import date

import pytest

from emulators.nbrb.figures import BY_CODE, rate
from gemini.models import NbrbRate
from gemini.sources import State
from gemini.sources.nbrb import official

pytestmark = pytest.mark.storage


def asked(services):
    return [entry for entry in services.nbrb.log() if "dynamics" in entry["path"]]


async def test_a_month_day_by_day_weekends_included(ask, today, services):
    today("2026-11-20T10:00")
    result = await ask("nbrb_history", currency="USD", since="2026-10-01", until="2026-10-31")
    assert (result.state, result.data["days"], len(result.data["points"])) == (State.OK, 31, 31)
    assert result.data["points"][2] == result.data["points"][3] | {"date": "2026-10-03"}
    assert result.data["first"]["rate"] == str(rate(BY_CODE["USD"], date(2026, 10, 1)))
    assert asked(services)[0]["path"].endswith("/431")
    services.nbrb.fail("down")
    again = await ask("nbrb_history", currency="USD", since="2026-10-05", until="2026-10-25")
    assert (again.state, again.data["days"]) == (State.OK, 21)


async def test_three_years_come_in_pieces_of_365_days_and_whole(ask, today, services):
    today("2026-11-20T10:00")
    history = await official.history("RUB", date(2023, 11, 20), date(2026, 11, 20))
    days = (date(2026, 11, 20) - date(2023, 11, 20)).days + 1
    assert len(history.rates) == days
    assert len(asked(services)) == 4
    assert {each.scale for each in history.rates} == {100}
    summary = await ask("nbrb_history", currency="RUB", since="2023-11-20", until="2026-11-20")
    assert len(summary.data["points"]) <= 121
    assert summary.data["points"][-1]["date"] == "2026-11-20"


async def test_before_the_renumbering_there_is_none_and_that_is_said(ask, today, services):
    today("2022-03-01T10:00")
    result = await ask("nbrb_history", currency="USD", since="2021-01-01", until="2021-08-01")
    assert result.message == "История есть с 9 июля 2021 года."
    assert result.data["first"]["date"] == "2021-07-09"
    assert {entry["path"].rpartition("/")[2] for entry in asked(services)} == {"431"}


async def test_today_is_not_kept_by_history_for_it_may_be_corrected(ask, today):
    today("2026-11-20T10:00")
    result = await ask("nbrb_history", currency="USD", since="2026-11-10")
    assert result.as_of == date(2026, 11, 20)
    kept = [row.date async for row in NbrbRate.objects.all()]
    assert max(kept) == date(2026, 11, 19)
    assert not [row async for row in NbrbRate.objects.filter(listed=True)]


async def test_what_history_brought_is_no_whole_list_of_a_day(ask, today, services):
    today("2026-11-20T10:00")
    await ask("nbrb_history", currency="USD", since="2026-11-01", until="2026-11-10")
    result = await ask("nbrb_rate", currencies=["USD", "EUR"], date="2026-11-05")
    assert len(result.data["rates"]) == 2
    await ask("nbrb_history", currency="USD", since="2026-11-05", until="2026-11-12")
    services.nbrb.fail("down")
    assert (await ask("nbrb_rate", currencies=["EUR"], date="2026-11-05")).state == State.OK


async def test_while_the_bank_is_silent_what_is_known_is_given_as_stale(ask, today, services):
    today("2026-11-20T10:00")
    await ask("nbrb_history", currency="USD", since="2026-10-01", until="2026-10-10")
    services.nbrb.fail("html")
    result = await ask("nbrb_history", currency="USD", since="2026-10-01", until="2026-10-20")
    assert (result.state, result.data["days"], result.as_of) == (State.STALE, 10, date(2026, 10, 10))
    assert "НБРБ сейчас не отвечает" in result.message
    nothing = await ask("nbrb_history", currency="EUR", since="2026-10-01")
    assert nothing.state == State.UNAVAILABLE


async def test_the_list_of_currencies_is_asked_for_again_only_if_it_changed(ask, today, services):
    today("2026-11-20T10:00")
    await ask("nbrb_history", currency="USD", since="2026-10-01", until="2026-10-02")
    from django.core.cache import cache

    from gemini.sources.memory import key_of

    cache.delete(key_of("nbrb currencies", f"{services.nbrb.url}", "fresh"))
    await ask("nbrb_history", currency="EUR", since="2026-10-01", until="2026-10-02")
    outcomes = [entry["outcome"] for entry in services.nbrb.log() if entry["path"].endswith("currencies")]
    assert outcomes == ["200", "304"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"since": "2026-12-20"}, "В этом периоде курсов нет."),
        ({"since": "2022-01-01", "until": "2026-01-01"}, "Период длиннее трёх лет"),
        ({"since": "2026-10-01", "currency": "ZZZ"}, "НБРБ не устанавливал курс ZZZ"),
    ],
)
async def test_periods_that_make_no_sense_are_refused_in_words(ask, today, arguments, words):
    today("2026-11-20T10:00")
    result = await ask("nbrb_history", **{"currency": "USD", **arguments})
    assert result.state == State.INVALID
    assert words in result.message
