"""Events as Google lists them: in pages, kept for a minute, and what is said when it does not answer."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from google_oauth import calendar, tokens
from google_oauth.exceptions import (
    ReconnectRequired,
    Refused,
    TooManyRequests,
    Unavailable,
)
from google_oauth.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

WEEK = Period.around(date(2026, 11, 25), "week")
DAY = Period.around(date(2026, 11, 25), "day")
EVENTS = "/calendar/v3/calendars/primary/events"


def outdate(user):
    """As if the minute were over."""
    known = cache.get(tokens.events_key(user.pk))
    for key, value in known.items():
        if key != "pause":
            known[key] = calendar.replace(value, as_of=value.as_of - timedelta(minutes=2))
    known.pop("pause", None)
    cache.set(tokens.events_key(user.pk), known)


def test_a_week_is_listed_by_its_beginnings_without_what_was_cancelled(credential, alice, google):
    found = calendar.listing(alice, WEEK)
    assert [event.starts for event in found.events] == sorted(event.starts for event in found.events)
    titles = [event.title for event in found.events]
    assert "Встреча с клиентом" in titles
    assert "Отменённая встреча" not in titles
    assert not found.truncated
    [asked] = google.asked(EVENTS)
    query = dict(asked["query"])
    assert query["timeMin"] == "2026-11-23T00:00:00+03:00"
    assert query["timeMax"] == "2026-11-30T00:00:00+03:00"
    assert (query["singleEvents"], query["orderBy"], query["timeZone"]) == ("true", "startTime", "Europe/Minsk")


def test_an_event_that_began_the_day_before_is_there(credential, alice):
    saturday = calendar.listing(alice, Period.around(date(2026, 11, 28), "day"))
    assert "Ночной релиз" in [event.title for event in saturday.events]


def test_a_minute_asks_google_once(credential, alice, google):
    calendar.listing(alice, WEEK)
    calendar.listing(alice, WEEK)
    assert len(google.asked(EVENTS)) == 1
    calendar.listing(alice, DAY)
    assert len(google.asked(EVENTS)) == 2


def test_what_has_not_changed_is_not_sent_again(credential, alice, google):
    first = calendar.listing(alice, DAY)
    outdate(alice)
    second = calendar.listing(alice, DAY)
    assert google.asked(EVENTS)[-1]["outcome"] == "304"
    assert second.events == first.events
    assert second.as_of > timezone.now() - timedelta(seconds=10)


def test_pages_are_joined_and_an_end_is_put_to_them(connect, alices, alice, google):
    connect(alices, "busy@example.com")
    three = calendar.listing(alice, Period(date(2026, 11, 23), date(2026, 11, 25)))
    assert (len(three.events), three.truncated, three.etag) == (120, False, "")
    assert len(google.asked(EVENTS)) == 2
    month = calendar.listing(alice, Period.around(date(2026, 11, 1), "month"))
    assert (len(month.events), month.truncated) == (500, True)


def test_an_empty_calendar_is_empty(connect, alices, alice):
    connect(alices, "empty@example.com")
    assert calendar.listing(alice, WEEK).events == ()


@pytest.mark.parametrize("times", [1, 2])
def test_a_refused_token_is_renewed_once(credential, alice, google, times):
    google.control(fail="401", times=times, at=EVENTS)
    if times == 1:
        assert calendar.listing(alice, WEEK).events
    else:
        with pytest.raises(ReconnectRequired):
            calendar.listing(alice, WEEK)
    assert [form["grant_type"] for form in google.tokens()].count("refresh_token") == 1


def test_a_list_that_changed_under_its_pages_is_begun_anew(credential, alice, google):
    google.control(fail="410", times=1, at=EVENTS)
    assert calendar.listing(alice, WEEK).events
    google.reset()
    google.control(fail="410", at=EVENTS)
    with pytest.raises(Unavailable):
        calendar.listing(alice, DAY)


def test_a_passing_failure_is_tried_again(credential, alice, google):
    google.control(fail="backend", times=1, at=EVENTS)
    assert calendar.listing(alice, WEEK).events


FAILURES = [
    ("backend", Unavailable),
    ("502", Unavailable),
    ("down", Unavailable),
    ("html", Unavailable),
    ("malformed", Unavailable),
    ("nonsense", Unavailable),
    ("empty", Unavailable),
    ("huge", Unavailable),
    ("403-rate", TooManyRequests),
    ("403-user-rate", TooManyRequests),
    ("403-quota", TooManyRequests),
    ("429", TooManyRequests),
    ("403-scope", ReconnectRequired),
    ("403-disabled", Refused),
    ("404", Refused),
]


@pytest.mark.parametrize(("kind", "error"), FAILURES)
def test_a_failure_is_told_and_nothing_of_it_is_kept(credential, alice, google, kind, error):
    google.control(fail=kind, at=EVENTS)
    with pytest.raises(error):
        calendar.listing(alice, WEEK)
    google.reset()
    known = cache.get(tokens.events_key(alice.pk)) or {}
    assert set(known) <= {"pause"}


@pytest.mark.parametrize(("kind", "error"), [one for one in FAILURES if one[1] is not ReconnectRequired])
def test_what_is_known_is_shown_instead_with_its_time(credential, alice, google, kind, error):
    fresh = calendar.listing(alice, WEEK)
    outdate(alice)
    google.control(fail=kind, at=EVENTS)
    stale = calendar.listing(alice, WEEK)
    assert isinstance(stale.problem, error)
    assert stale.events == fresh.events
    assert stale.as_of < fresh.as_of


def test_a_slow_google_is_given_up_in_time(credential, alice, google, monkeypatch):
    monkeypatch.setattr(calendar, "PATIENCE", 1.0)
    google.control(fail="slow", at=EVENTS)
    began = timezone.now()
    with pytest.raises(Unavailable):
        calendar.listing(alice, WEEK)
    assert timezone.now() - began < timedelta(seconds=3)


def test_after_a_failure_google_is_left_alone_for_a_while(credential, alice, google):
    google.control(fail="429", at=EVENTS)
    for _ in range(3):
        with pytest.raises(TooManyRequests) as failure:
            calendar.listing(alice, WEEK)
    assert len(google.asked(EVENTS)) == 1
    assert 0 < failure.value.retry_after <= 60
