"""How pay went on: by month, in roubles and in dollars by the rate of each day; before and after tax kept apart."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from finance.rates import RateBook, arate_book, rate_book
from finance.summary import rounded
from gemini.sources import in_database

USD = "USD"
TAXES = {False: "net", True: "gross"}


@dataclass(slots=True)
class Month:
    """What was paid for one month. `byn` and `usd` are None where a rate is missing: part of a sum is no sum."""

    month: date
    is_gross: bool
    byn: Decimal | None = Decimal(0)
    usd: Decimal | None = Decimal(0)
    own: dict[str, Decimal] = field(default_factory=dict)
    count: int = 0
    # In percent, to the month before that has a sum; None for the first.
    byn_change: Decimal | None = None
    usd_change: Decimal | None = None


@dataclass(slots=True)
class Trend:
    months: list[Month] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    stale_as_of: date | None = None

    @property
    def net(self) -> list[Month]:
        return [month for month in self.months if not month.is_gross]

    @property
    def missing(self) -> list[Month]:
        return [month for month in self.months if month.byn is None or month.usd is None]


def trend(salaries: Any) -> Trend:
    """May ask the National Bank for rates."""
    groups = sums_by_day(salaries)
    return trend_of(groups, rate_book(rates_wanted(groups)))


async def atrend(salaries: Any) -> Trend:
    """The same on an event loop."""
    groups = await in_database(sums_by_day, salaries)
    return trend_of(groups, await arate_book(rates_wanted(groups)))


def sums_by_day(salaries: Any) -> list[dict[str, Any]]:
    """Added up by the database."""
    groups = list(
        salaries.order_by("period", "date")
        .values("period", "date", "currency", "is_gross")
        .annotate(sum=Sum("amount"), count=Count("pk"))
    )
    return [{**group, "sum": rounded(group["sum"])} for group in groups]


def rates_wanted(groups: list[dict[str, Any]]) -> dict[str, tuple[date, date]]:
    """Dollars for every day, whatever was paid in."""
    days = [group["date"] for group in groups]
    currencies = {USD, *(group["currency"] for group in groups)}
    return {currency: (min(days), max(days)) for currency in currencies} if days else {}


def trend_of(groups: list[dict[str, Any]], book: RateBook) -> Trend:
    found = Trend(messages=book.messages)
    months: dict[tuple[date, bool], Month] = {}
    for group in groups:
        key = (group["period"], group["is_gross"])
        month = months.setdefault(key, Month(*key))
        own, dollar = book.byn(group["currency"], group["date"]), book.byn(USD, group["date"])
        month.own[group["currency"]] = month.own.get(group["currency"], Decimal(0)) + group["sum"]
        month.count += group["count"]
        byn = group["sum"] * own.per_unit if own else None
        usd = group["sum"] if group["currency"] == USD else byn / dollar.per_unit if byn and dollar else None
        month.byn = None if byn is None or month.byn is None else month.byn + byn
        month.usd = None if usd is None or month.usd is None else month.usd + usd
        for rate in filter(None, (own, dollar)):
            if rate.as_of != group["date"]:
                found.stale_as_of = min(filter(None, (found.stale_as_of, rate.as_of)))
    found.months = with_changes(list(months.values()))
    return found


def with_changes(months: list[Month]) -> list[Month]:
    this_month = timezone.localdate().replace(day=1)
    before: defaultdict[tuple[bool, str], Decimal | None] = defaultdict(lambda: None)
    for month in months:
        for name in ("byn", "usd"):
            value, last = getattr(month, name), before[month.is_gross, name]
            if value is None:
                continue
            # Of the month that is not over yet more may come.
            if last and month.month < this_month:
                setattr(month, f"{name}_change", ((value / last - 1) * 100).quantize(Decimal("0.1")))
            before[month.is_gross, name] = value
            setattr(month, name, rounded(value))
    return months
