import pytest
from django.utils import timezone

from gemini.usage import InvalidPeriod, Period


def test_the_last_days_end_today():
    week = Period.from_query({"period": "7d"})
    assert (week.last - week.first).days == 6
    assert week.last == timezone.localdate()


def test_days_picked_by_hand_are_both_within():
    day = Period.from_query({"from": "2026-11-05", "to": "2026-11-05"})
    assert (day.ends - day.begins).total_seconds() == 24 * 3600
    assert day.query == {"from": "2026-11-05", "to": "2026-11-05"}


@pytest.mark.parametrize(
    "query",
    [
        {"period": "2y"},
        {"from": "2026-13-45"},
        {"from": "вчера"},
        {"to": "2026-01-01"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"from": "0001-01-01", "to": "0001-01-02"},
        {"from": "0002-01-01", "to": "9999-12-30"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"from": "2026-01-01\0"},
    ],
)
def test_what_is_no_period_is_refused(query):
    with pytest.raises(InvalidPeriod):
        Period.from_query(query)


def test_a_month_is_a_span_from_its_first_day_to_its_last():
    assert [str(day) for day in Period.of_span("2024-02")] == ["2024-02-01", "2024-02-29"]
    assert [str(day) for day in Period.of_span("2026-12")] == ["2026-12-01", "2026-12-31"]
