"""The calendar as the model asks for it."""

import json

import pytest
from asgiref.sync import async_to_sync

from gemini.sources import SourceFailure, State, registered
from google_oauth.sources import CalendarEvents
from tests.google_oauth.test_listing import outdate

# The source reads on a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)

# Long to come, so that none of its hours is past. Events go by the day of the week.
WEEK = {"from": "2090-11-20", "to": "2090-11-26"}
WEDNESDAY = "2090-11-22"


def ask(user, arguments=WEEK):
    return async_to_sync(CalendarEvents().run)(user, arguments)


def test_it_is_registered():
    assert isinstance(registered()["calendar_events"], CalendarEvents)


def test_it_gives_events_and_what_was_computed_of_them(credential, alice):
    result = ask(alice)
    assert result.state == State.OK
    assert result.data["time_zone"] == "Europe/Minsk"
    wednesday = result.data["load"][2]
    assert (wednesday["day"], wednesday["meetings"], wednesday["hours"]) == (WEDNESDAY, 3, "1 ч 45 мин")
    assert wednesday["free"] == "09:00–10:00, 10:15–14:00, 17:00–18:00"
    assert len(result.data["overlaps"]) == 2
    client = next(row for row in result.data["events"] if row["title"] == "Встреча с клиентом")
    assert client["description"].startswith("Обсудить договор.")
    assert json.dumps(result.data)


def test_one_day_is_enough(credential, alice):
    assert {row["day"] for row in ask(alice, {"from": WEDNESDAY}).data["events"]} == {WEDNESDAY}


def test_each_is_given_their_own_whatever_the_arguments_say(credential, alice, bob):
    assert ask(alice).data
    for extra in ({}, {"user": alice.pk}, {"calendar": "anna.k@example.com"}, {"user_id": str(alice.pk)}):
        result = ask(bob, WEEK | extra)
        assert (result.state, result.data) == (State.NOT_CONFIGURED, None)
        assert "не подключён" in result.message


@pytest.mark.parametrize(
    "arguments",
    [{"from": "вчера"}, {"from": "2026-11-23", "to": "2026-11-01"}, {"from": "2026-01-01", "to": "2026-12-31"}],
)
def test_a_period_that_is_none_is_told_to_the_model(alice, arguments):
    with pytest.raises(SourceFailure) as failure:
        ask(alice, arguments)
    assert failure.value.state == State.INVALID


@pytest.mark.parametrize(
    ("kind", "state"), [("503", State.UNAVAILABLE), ("429", State.UNAVAILABLE), ("403-scope", State.NOT_CONFIGURED)]
)
def test_a_failure_is_an_answer_that_says_what_is_missing(credential, alice, google, kind, state):
    google.control(fail=kind, at="/calendar/v3/")
    result = ask(alice)
    assert (result.state, result.data) == (state, None)
    assert result.message


def test_what_is_old_says_so(credential, alice, google):
    ask(alice)
    outdate(alice)
    google.control(fail="503", at="/calendar/v3/")
    result = ask(alice)
    assert result.state == State.STALE
    assert "не отвечает" in result.message
    assert result.data["events"]


def test_a_site_without_google_says_so(alice):
    assert ask(alice).state == State.NOT_CONFIGURED


def test_a_stand_in_is_named_as_one(google):
    assert CalendarEvents().emulated
