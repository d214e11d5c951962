"""What it all comes to. The database adds up by day and currency; each day's sum is converted by that day's rate."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, DecimalField, Q, Sum, Value
from django.db.models.functions import Coalesce

from finance.rates import BYN, RateBook, arate_book, rate_book
from gemini.sources import in_database

CENT = Decimal("0.01")
ZERO = Decimal(0)
# Longer periods are shown by years.
MOST_MONTHS = 36
# A slip in a year is no reason to draw all the years up to it.
MOST_YEARS = 60


@dataclass(slots=True)
class Flow:
    """Money that came and that went, both above zero. Exact until it is read: rounded once, at the end."""

    came: Decimal = ZERO
    went: Decimal = ZERO
    count: int = 0

    def add(self, income: Decimal, spending: Decimal, count: int, rate: Decimal = Decimal(1)) -> None:
        self.came += income * rate
        self.went += spending * rate
        self.count += count

    @property
    def income(self) -> Decimal:
        return rounded(self.came)

    @property
    def spending(self) -> Decimal:
        return rounded(self.went)

    @property
    def net(self) -> Decimal:
        return rounded(self.came - self.went)


@dataclass(slots=True)
class Aside:
    """Rows that are in no total, because their day has no rate; or that are in it by another day's (`as_of`)."""

    currency: str
    first: date
    last: date
    flow: Flow = field(default_factory=Flow)
    as_of: date | None = None


@dataclass(slots=True)
class Summary:
    """All in Belarusian roubles but `currencies`, where each is in its own."""

    total: Flow = field(default_factory=Flow)
    spans: dict[str, Flow] = field(default_factory=dict)
    categories: dict[str, Flow] = field(default_factory=dict)
    currencies: dict[str, Flow] = field(default_factory=dict)
    unconverted: dict[str, Aside] = field(default_factory=dict)
    stale: dict[str, Aside] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    first: date | None = None
    last: date | None = None
    by_years: bool = False

    @property
    def is_whole(self) -> bool:
        return not self.unconverted


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def summarize(transactions: Any) -> Summary:
    """Of these transactions, without transfers between one's own accounts. May ask the National Bank for rates."""
    groups = sums_by_day(transactions)
    return summed(groups, rate_book(spans_of(groups)))


async def asummarize(transactions: Any) -> Summary:
    """The same on an event loop. The bank is asked there, too: the threads of the database must not wait for it."""
    groups = await in_database(sums_by_day, transactions)
    return summed(groups, await arate_book(spans_of(groups)))


def summed(groups: list[dict[str, Any]], book: RateBook) -> Summary:
    summary = Summary()
    if not groups:
        return summary
    summary.first, summary.last = groups[0]["date"], groups[-1]["date"]
    summary.by_years = months_between(summary.first, summary.last) > MOST_MONTHS
    years = {group["date"].year for group in groups}
    if max(years) - min(years) > MOST_YEARS:
        summary.spans = {f"{year:04}": Flow() for year in sorted(years)}
    else:
        summary.spans = {span: Flow() for span in spans_between(summary.first, summary.last, summary.by_years)}
    summary.messages = book.messages
    categories: defaultdict[str, Flow] = defaultdict(Flow)
    currencies: defaultdict[str, Flow] = defaultdict(Flow)
    for group in groups:
        add(summary, categories, currencies, group, book)
    summary.categories = dict(sorted(categories.items(), key=lambda item: (-item[1].went, -item[1].came, item[0])))
    summary.currencies = dict(sorted(currencies.items()))
    return summary


def sums_by_day(transactions: Any) -> list[dict[str, Any]]:
    """Added up by the database; the days in their order."""
    nothing = Value(ZERO, output_field=DecimalField(max_digits=19, decimal_places=2))
    groups = list(
        transactions.counted()
        .order_by("date")
        .values("date", "currency", "category")
        .annotate(
            income=Coalesce(Sum("amount", filter=Q(amount__gt=0)), nothing),
            spent=Coalesce(Sum("amount", filter=Q(amount__lt=0)), nothing),
            count=Count("pk"),
        )
    )
    # SQLite adds up floating point: exact to the kopeck, but for what stands behind it.
    return [{**group, "income": rounded(group["income"]), "spent": rounded(group["spent"])} for group in groups]


def add(
    summary: Summary,
    categories: defaultdict[str, Flow],
    currencies: defaultdict[str, Flow],
    group: dict[str, Any],
    book: RateBook,
) -> None:
    day, currency = group["date"], group["currency"]
    sums = (group["income"], -group["spent"], group["count"])
    currencies[currency].add(*sums)
    rate = book.byn(currency, day)
    if rate is None:
        set_aside(summary.unconverted, currency, day, sums, None)
        return
    if rate.as_of != day:
        set_aside(summary.stale, currency, day, sums, rate.as_of)
    for flow in (summary.total, summary.spans[span_of(day, summary.by_years)], categories[group["category"]]):
        flow.add(*sums, rate.per_unit)


def set_aside(
    asides: dict[str, Aside], currency: str, day: date, sums: tuple[Decimal, Decimal, int], as_of: date | None
) -> None:
    aside = asides.setdefault(currency, Aside(currency, day, day))
    aside.last = max(aside.last, day)
    aside.as_of = min(filter(None, (aside.as_of, as_of)), default=None)
    aside.flow.add(*sums)


def spans_of(groups: Iterable[dict[str, Any]]) -> dict[str, tuple[date, date]]:
    """The first and the last day of each currency."""
    found: dict[str, tuple[date, date]] = {}
    for group in groups:
        first, last = found.get(group["currency"], (group["date"], group["date"]))
        found[group["currency"]] = min(first, group["date"]), max(last, group["date"])
    return {currency: span for currency, span in found.items() if currency != BYN}


def span_of(day: date, by_years: bool) -> str:
    # Not `%Y`, which has no zeros before a year of three digits.
    return f"{day.year:04}" if by_years else f"{day.year:04}-{day.month:02}"


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def spans_between(first: date, last: date, by_years: bool) -> list[str]:
    """Also those in which nothing happened: a chart without them would lie."""
    if by_years:
        return [f"{year:04}" for year in range(first.year, last.year + 1)]
    months = (first.month - 1 + number for number in range(months_between(first, last)))
    return [f"{first.year + month // 12:04}-{month % 12 + 1:02}" for month in months]
