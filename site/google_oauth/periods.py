"""A number of whole days, as it stands in a URL."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Self

from django.http import QueryDict
from django.utils import timezone

LONGEST = 31
KINDS = ("day", "week", "month")
# Years beyond which a calendar is asked by nobody but a walker of links.
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """`last` belongs to it."""

    first: date
    last: date
    kind: str = "days"

    @classmethod
    def around(cls, day: date, kind: str) -> Self:
        match kind:
            case "day":
                return cls(day, day, kind)
            case "month":
                first = day.replace(day=1)
                return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), kind)
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6), "week")

    @classmethod
    def of(cls, query: QueryDict, today: date) -> Self:
        """`?period=day|week|month&date=2026-11-23`; what cannot be read is this week."""
        try:
            day = date.fromisoformat(query.get("date", ""))
        except ValueError:
            day = today
        kind = query.get("period", "")
        return cls.around(min(max(day, EARLIEST), LATEST), kind if kind in KINDS else "week")

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From midnight to midnight, the second exclusive."""
        return midnight(self.first, zone), midnight(self.after, zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def today() -> date:
    return timezone.localdate()
