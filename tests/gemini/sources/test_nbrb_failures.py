"""What the bank's service can do to us: the last known rates with their date, or words, and nothing half-kept."""

from datetime import date

import pytest
from django.core.cache import cache

from gemini.models import NbrbRate
from gemini.sources import State, http
from gemini.sources.nbrb import official

pytestmark = pytest.mark.storage

FAILURES = ["down", "slow", "html", "malformed", "nonsense", "huge", "500", "503"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(http, "PAUSE", 0.01)


@pytest.mark.parametrize("kind", FAILURES)
async def test_with_nothing_known_it_is_unavailable_and_nothing_is_kept(ask, today, services, kind):
    today("2026-11-20T10:00")
    services.nbrb.fail(kind)
    result = await ask("nbrb_rate", currency="USD")
    assert (result.state, result.data) == (State.UNAVAILABLE, None)
    assert result.message == "НБРБ сейчас не отвечает. Сохранённых курсов ещё нет."
    assert not await NbrbRate.objects.aexists()


@pytest.mark.parametrize("kind", FAILURES)
async def test_with_an_earlier_day_known_that_one_is_given_with_its_date(ask, today, services, kind):
    today("2026-11-19T10:00")
    known = await ask("nbrb_rate", currency="USD")
    kept = await NbrbRate.objects.acount()
    today("2026-11-20T10:00")
    services.nbrb.fail(kind)
    result = await ask("nbrb_rate", currency="USD")
    assert (result.state, result.as_of, result.data) == (State.STALE, date(2026, 11, 19), known.data)
    assert "Вот последние известные курсы, на 19.11.2026." in result.message
    assert await NbrbRate.objects.acount() == kept


async def test_rates_older_than_a_week_are_called_so(ask, today, services):
    today("2026-11-02T10:00")
    await ask("nbrb_rate", currency="USD")
    today("2026-11-20T10:00")
    services.nbrb.fail("down")
    assert "больше недели" in (await ask("nbrb_rate", currency="USD")).message


async def test_a_service_that_failed_is_left_alone_for_a_minute(ask, today, services):
    today("2026-11-20T10:00")
    services.nbrb.fail("500")
    await ask("nbrb_rate", currency="USD")
    asked = len(services.nbrb.log())
    services.nbrb.fail("")
    assert (await ask("nbrb_rate", currency="USD")).state == State.UNAVAILABLE
    assert len(services.nbrb.log()) == asked == http.ATTEMPTS
    cache.clear()
    assert (await ask("nbrb_rate", currency="USD")).state == State.OK


async def test_a_failure_that_passes_at_once_is_not_noticed(ask, today, services):
    today("2026-11-20T10:00")
    services.nbrb.fail("down", times=1)
    assert (await ask("nbrb_rate", currency="USD")).state == State.OK


async def test_an_answer_about_another_day_is_refused(today, services, transactional_db, monkeypatch):
    today("2026-11-20T10:00")

    async def other_day(client, path, params=None, headers=None):
        row = {
            "Cur_Abbreviation": "USD",
            "Cur_OfficialRate": 3,
            "Cur_Scale": 1,
            "Cur_Name": "",
            "Date": "2026-10-01T00:00:00",
        }
        return http.Answer(200, {}, [row])

    monkeypatch.setattr(http, "get", other_day)
    with pytest.raises(official.SourceFailure):
        await official.rates_on(date(2026, 11, 20))
    assert not await NbrbRate.objects.aexists()


@pytest.mark.parametrize("body", ["[]", '{"a": 1}', "null", "[null]", "[1]", '[{"Cur_OfficialRate": "3"}]', "NaN"])
async def test_what_is_no_list_of_rates_is_no_rate(ask, today, services, monkeypatch, body):
    import json

    today("2026-11-20T10:00")

    async def answer(client, path, params=None, headers=None):
        try:
            return http.Answer(200, {}, json.loads(body, parse_constant=http.refuse))
        except ValueError as error:
            raise http.Unreachable(str(error)) from error

    monkeypatch.setattr(http, "get", answer)
    assert (await ask("nbrb_rate", currency="USD")).state == State.UNAVAILABLE
    assert not await NbrbRate.objects.aexists()


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    import asyncio

    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    async def mounts():
        async with http.client("https://api.nbrb.by") as client:
            return client.trust_env, client.follow_redirects

    assert asyncio.run(mounts()) == (False, False)
