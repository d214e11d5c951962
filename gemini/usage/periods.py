"""A span of whole days, as the address of a page names it; days begin at midnight in TIME_ZONE."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

LAST_DAYS = {"7d": 7, "30d": 30, "90d": 90}
NAMES = {"7d": _("7 дней"), "30d": _("30 дней"), "90d": _("90 дней"), "all": _("всё время")}
DEFAULT = "30d"
# Ten years; more would be an address made to cost us something.
LONGEST = timedelta(days=3660)
# Past that many days a chart and its table go by months: a bar of a pixel tells nothing.
MOST_DAYS = 92


class InvalidPeriod(ValueError):
    """The address names no span of days."""


@dataclass(frozen=True, slots=True)
class Period:
    """`first` and `last` are both within; `first` is None for all time. `name` is empty for days picked by hand."""

    name: str
    first: date | None
    last: date

    @classmethod
    def named(cls, name: str = DEFAULT) -> "Period":
        today = timezone.localdate()
        if name == "all":
            return cls(name, None, today)
        if name not in LAST_DAYS:
            raise InvalidPeriod
        return cls(name, today - timedelta(days=LAST_DAYS[name] - 1), today)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Period":
        """Reads `?period=7d` or `?from=2026-11-01&to=2026-11-30`. Raises `InvalidPeriod`."""
        if not (query.get("from") or query.get("to")):
            return cls.named(query.get("period") or DEFAULT)
        try:
            first, last = (parse_date(query.get(name) or "") for name in ("from", "to"))
        except ValueError as error:
            raise InvalidPeriod from error
        last = last or timezone.localdate()
        # A day at the end of the calendar has no midnight after it.
        if first is None or not date.min < first <= last < date.max - timedelta(days=1) or last - first > LONGEST:
            raise InvalidPeriod
        return cls("", first, last)

    @staticmethod
    def of_span(span: str) -> tuple[date, date]:
        """The first and the last day of `2026-11-24` or of `2026-11`."""
        if len(span) == 10:
            return date.fromisoformat(span), date.fromisoformat(span)
        first = date.fromisoformat(f"{span}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def query(self) -> dict[str, str]:
        """How an address names this period."""
        if self.name:
            return {"period": self.name}
        return {"from": str(self.first), "to": str(self.last)}

    @property
    def begins(self) -> datetime | None:
        return midnight(self.first) if self.first else None

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + timedelta(days=1))

    def by_months(self, first: date) -> bool:
        return (self.last - (self.first or first)).days >= MOST_DAYS


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
