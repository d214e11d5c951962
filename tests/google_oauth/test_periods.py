from datetime import date

import pytest
from django.http import QueryDict

from google_oauth.periods import LONGEST, Period
from google_oauth.words import period_name

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("query", "first", "last", "name"),
    [
        ("", "2026-11-23", "2026-11-29", "23–29 ноября 2026"),
        ("period=day", "2026-11-24", "2026-11-24", "вторник, 24 ноября 2026"),
        ("period=month&date=2026-02-14", "2026-02-01", "2026-02-28", "февраль 2026"),
        ("period=week&date=2026-12-31", "2026-12-28", "2027-01-03", "28 декабря 2026 – 3 января 2027"),
        ("period=week&date=2026-11-30", "2026-11-30", "2026-12-06", "30 ноября – 6 декабря 2026"),
        ("period=year&date=tomorrow", "2026-11-23", "2026-11-29", "23–29 ноября 2026"),
        ("date=0001-01-01&period=day", "1990-01-01", "1990-01-01", "понедельник, 1 января 1990"),
        ("date=9999-12-31&period=month", "2100-01-01", "2100-01-31", "январь 2100"),
    ],
)
def test_a_period_stands_in_the_address(query, first, last, name):
    period = Period.of(QueryDict(query), TODAY)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period_name(period).lower() == name
    assert len(period.days) <= LONGEST


def test_neighbours_do_not_overlap_and_leave_no_gap():
    for kind in ("day", "week", "month"):
        period = Period.around(TODAY, kind)
        assert Period.around(period.before, kind).after == period.first
        assert Period.around(period.after, kind).before == period.last
