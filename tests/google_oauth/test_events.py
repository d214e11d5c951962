"""Google's items as they may come, and what is left of them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from google_oauth import events

ZONE = ZoneInfo("Europe/Minsk")


def item(**changes):
    found = {
        "id": "one",
        "status": "confirmed",
        "summary": "Встреча",
        "start": {"dateTime": "2026-11-24T18:30:00+03:00", "timeZone": "Europe/Moscow"},
        "end": {"dateTime": "2026-11-24T19:30:00+03:00"},
    }
    return {name: value for name, value in (found | changes).items() if value is not None}


def read(**changes):
    [event], unreadable = events.read([item(**changes)], ZONE)
    assert not unreadable
    return event


def test_times_are_the_sites_whatever_zone_they_come_in():
    event = read(start={"dateTime": "2026-11-24T23:30:00Z"}, end={"dateTime": "2026-11-25T01:00:00Z"})
    assert event.starts == datetime(2026, 11, 25, 2, 30, tzinfo=ZONE)
    assert event.starts.tzinfo == ZONE


def test_a_time_without_an_offset_is_of_its_own_zone():
    event = read(start={"dateTime": "2026-11-24T10:00:00", "timeZone": "Asia/Almaty"})
    assert event.starts == datetime(2026, 11, 24, 8, 0, tzinfo=ZONE)


def test_the_end_of_whole_days_is_exclusive():
    event = read(start={"date": "2026-11-24"}, end={"date": "2026-11-26"})
    assert event.all_day
    days = [day for day in range(23, 28) if event.on(date(2026, 11, day))]
    assert days == [24, 25]


def test_an_event_of_no_length_is_on_its_day():
    event = read(end={"dateTime": "2026-11-24T18:30:00+03:00"})
    assert event.on(date(2026, 11, 24))


def test_cancelled_ones_are_no_events():
    assert events.read([item(status="cancelled"), {"id": "two", "status": "cancelled"}], ZONE) == ([], 0)


@pytest.mark.parametrize(
    "broken",
    [
        {"start": None},
        {"start": {"date": "завтра"}},
        {"start": {}},
        {"end": {"dateTime": "2026-11-24T10:00:00+03:00"}},
        {"start": {"dateTime": "2026-11-24T10:00:00", "timeZone": "Mars/Base"}},
        {"id": None},
        {"attendees": ["nobody"]},
    ],
)
def test_what_cannot_be_read_costs_only_itself(broken):
    found, unreadable = events.read([item(**broken), item(id="whole"), None, "text"], ZONE)
    assert [event.id for event in found] == ["whole"]
    assert unreadable == 3


@pytest.mark.parametrize(
    ("changes", "busy"),
    [
        ({}, True),
        ({"transparency": "transparent"}, False),
        ({"eventType": "birthday"}, False),
        ({"eventType": "workingLocation"}, False),
        ({"eventType": "outOfOffice"}, True),
        ({"attendees": [{"self": True, "responseStatus": "declined"}]}, False),
        ({"attendees": [{"self": True, "responseStatus": "tentative"}]}, True),
    ],
)
def test_some_events_take_no_time(changes, busy):
    assert read(**changes).busy is busy


def test_focus_time_is_no_meeting():
    assert not read(eventType="focusTime").is_meeting
    assert read().is_meeting


def test_a_private_event_has_no_title():
    assert read(summary=None).is_untitled


def test_a_repetition_that_was_moved_says_so():
    repeated = {"recurringEventId": "r", "originalStartTime": {"dateTime": "2026-11-24T18:30:00+03:00"}}
    assert (read(**repeated).recurring, read(**repeated).moved) == (True, False)
    assert read(**repeated | {"originalStartTime": {"dateTime": "2026-11-24T17:00:00+03:00"}}).moved


def test_descriptions_are_text_and_their_links_words():
    html = 'Обсудить<br>Повестка: <a href="https://evil.example/?q=1">ссылка</a><script>alert(1)</script>&lt;b&gt;'
    assert read(description=html).description == "Обсудить\nПовестка: ссылка<b>"


def test_long_texts_are_cut():
    event = read(summary="я" * 5_000, description="<p>" + "слово " * 50_000, location="м" * 500)
    assert (len(event.title), len(event.description), len(event.place)) == (200, 1_000, 200)
    assert event.title.endswith("…")


def test_characters_that_turn_what_follows_are_dropped():
    assert read(summary="a\u202egnp.exe\x00 \u2066b").title == "a gnp.exe b"


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://www.google.com/calendar/event?eid=x", True),
        ("https://meet.google.com/abc", True),
        ("http://www.google.com/calendar", False),
        ("https://www.google.com.evil.example/", False),
        ("https://evil.example/@www.google.com", False),
        ("https://www.google.com@evil.example/", False),
        ("javascript:alert(1)", False),
        ("https://[", False),
        (["https://meet.google.com"], False),
    ],
)
def test_only_googles_own_links_are_kept(link, kept):
    event = read(htmlLink=link, hangoutLink=link)
    assert (event.link, event.call) == ((link, link) if kept else ("", ""))


def test_people_are_named_without_oneself():
    event = read(
        organizer={"email": "client@example.org", "displayName": "ООО «Клиент»"},
        attendees=[
            {"email": "me@example.com", "self": True, "responseStatus": "accepted"},
            {"email": "boris@example.com", "responseStatus": "needsAction", "optional": True},
            {"email": "room@resource.calendar.google.com", "displayName": "Переговорная", "resource": True},
        ],
        attendeesOmitted=True,
    )
    assert event.organizer == "ООО «Клиент»"
    assert [(one.name, one.optional, one.room) for one in event.attendees] == [
        ("boris@example.com", True, False),
        ("Переговорная", False, True),
    ]
    assert event.more_attendees
    assert event.response == "accepted"
