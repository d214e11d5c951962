"""Figures of a calendar, on days that are small enough to be checked by head."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from google_oauth import analysis, events
from google_oauth.periods import Period

ZONE = ZoneInfo("Europe/Minsk")
WEDNESDAY = date(2026, 11, 25)
LONG_AGO = datetime(2026, 11, 1, tzinfo=ZONE)


def event(begins, ends, /, day=WEDNESDAY, **changes):
    def moment(value):
        if isinstance(value, str):
            hour, minute = map(int, value.split(":"))
            value = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hour, minutes=minute)
        return {"dateTime": value.isoformat()}

    item = {"id": f"{begins}{ends}{day}", "status": "confirmed", "start": moment(begins), "end": moment(ends)} | changes
    [found], _ = events.read([item], ZONE)
    return found


def report(*found, period=None, now=LONG_AGO):
    return analysis.report(list(found), period or Period.around(WEDNESDAY, "day"), now)


def slots(day):
    return [f"{slot.starts:%H:%M}–{slot.ends:%H:%M}" for slot in day.free]


def test_time_that_two_meetings_share_is_counted_once():
    found = report(event("10:00", "11:00"), event("10:30", "12:00"), event("13:00", "13:30"))
    assert found.busy == timedelta(hours=2, minutes=30)
    assert found.meetings == 3
    assert found.share == 28


def test_only_working_hours_count_for_the_share():
    found = report(event("07:00", "10:00"), event("17:30", "20:00"))
    assert found.busy == timedelta(hours=5, minutes=30)
    assert found.share == 17


def test_free_slots_are_what_is_left_of_the_working_day():
    [day] = report(event("10:00", "10:15"), event("10:30", "12:00"), event("16:00", "19:00")).days
    assert slots(day) == ["09:00–10:00", "12:00–16:00"]


def test_a_day_without_meetings_is_free_and_a_weekend_is_no_working_day():
    week = report(period=Period.around(WEDNESDAY, "week"))
    assert [slots(day) for day in week.days] == [["09:00–18:00"]] * 5 + [[]] * 2
    assert week.working == timedelta(hours=45)
    assert week.busiest is None


def test_what_is_past_is_not_free_any_more():
    now = datetime(2026, 11, 25, 10, 7, tzinfo=ZONE)
    [day] = report(event("12:00", "13:00"), now=now).days
    assert slots(day) == ["10:15–12:00", "13:00–18:00"]
    [evening] = report(now=datetime(2026, 11, 25, 19, tzinfo=ZONE)).days
    assert slots(evening) == []


def test_focus_time_and_days_off_are_not_free_and_no_load():
    [day] = report(event("15:00", "17:00", eventType="focusTime")).days
    assert slots(day) == ["09:00–15:00", "17:00–18:00"]
    assert (day.meetings, day.busy) == (0, timedelta())
    away = {"start": {"date": "2026-11-25"}, "end": {"date": "2026-11-26"}, "eventType": "outOfOffice"}
    [day] = report(event("09:00", "10:00", **away)).days
    assert slots(day) == []


def test_what_takes_no_time_leaves_it_free():
    [day] = report(event("10:00", "12:00", transparency="transparent")).days
    assert slots(day) == ["09:00–18:00"]


def test_a_meeting_across_midnight_is_on_both_days_and_one_meeting():
    night = event("23:00", "26:00")
    found = report(night, period=Period(WEDNESDAY, date(2026, 11, 26)))
    assert [day.busy for day in found.days] == [timedelta(hours=1), timedelta(hours=2)]
    assert found.meetings == 1


def test_what_reaches_into_the_period_counts_from_its_first_midnight():
    night = event("23:00", "26:00", day=date(2026, 11, 24))
    assert report(night).busy == timedelta(hours=2)


def test_overlaps_are_pairs_and_touching_is_none():
    found = report(event("10:00", "11:00"), event("10:30", "12:00"), event("10:45", "11:15"), event("12:00", "13:00"))
    pairs = [(f"{one.slot.starts:%H:%M}", f"{one.slot.ends:%H:%M}") for one in found.overlaps]
    assert pairs == [("10:30", "11:00"), ("10:45", "11:00"), ("10:45", "11:15")]


@pytest.mark.parametrize(
    "other",
    [
        {"transparency": "transparent"},
        {"attendees": [{"self": True, "responseStatus": "declined"}]},
        {"start": {"date": "2026-11-25"}, "end": {"date": "2026-11-26"}},
    ],
)
def test_with_what_takes_no_hours_nothing_overlaps(other):
    assert report(event("10:00", "11:00"), event("10:30", "12:00", **other)).overlaps == ()


def test_the_next_meeting_is_the_first_that_has_not_begun():
    now = datetime(2026, 11, 25, 10, 30, tzinfo=ZONE)
    running, focus, following = (
        event("10:00", "11:00"),
        event("11:00", "12:00", eventType="focusTime"),
        event("14:00", "15:00"),
    )
    assert report(running, focus, following, now=now).next_meeting == following
    assert report(running, now=now).next_meeting is None


def test_nothing_at_all_is_a_report_too():
    found = report()
    assert (found.meetings, found.busy, found.share, found.overlaps, found.next_meeting) == (
        0,
        timedelta(),
        0,
        (),
        None,
    )
