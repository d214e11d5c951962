"""The whole usage page's numbers out of one query of the ledger's totals, so that no two of them disagree.

It brings the durations of each group along as a list, which gives the exact 95th percentile of any group of groups.
"""

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Aggregate, Min, Sum, TextField
from django.utils import timezone

from gemini.models import CallTotals, GeminiCall
from gemini.usage.days import local_day
from gemini.usage.periods import Period, midnight
from gemini.usage.prices import PriceList
from gemini.usage.tally import ANSWERING, DONE, STOPPED, Cell, Tally


class Joined(Aggregate):
    """The lists of a group as one, parted by commas."""

    name = "Joined"
    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s, ',')", **context)


class Key(NamedTuple):
    """What calls are told apart by; `user` is empty unless the whole site is counted."""

    day: str
    model: str
    interface: str
    purpose: str
    origin: str
    code: str
    user: str = ""


@dataclass(slots=True)
class Report:
    """`by[…]` maps each day, model, interface, purpose, origin and user to what its calls came to."""

    period: Period
    whole: bool
    first: date
    total: Tally = field(default_factory=Tally)
    by: dict[str, dict[str, Tally]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    # What all of it was added up from, with its money.
    cells: list[tuple[Key, Cell, Decimal | None]] = field(default_factory=list)

    @property
    def by_months(self) -> bool:
        return self.period.by_months(self.first)

    @property
    def spans(self) -> dict[str, Tally]:
        """By day, or by month where days would be too many; the empty ones too, in order."""
        days = (self.period.last - self.first).days + 1
        names = (str(self.first + timedelta(days=number))[: 7 if self.by_months else 10] for number in range(days))
        return {name: self.by["span"].get(name, Tally()) for name in dict.fromkeys(names)}


def report(user: Any, period: Period, *, whole: bool = False, prices: PriceList | None = None) -> Report:
    totals = totals_of(user, period, whole=whole)
    earliest = None if period.first else totals.aggregate(first=Min("begins"))["first"]
    first = period.first or (timezone.localtime(earliest).date() if earliest else period.last)
    found = Report(period, whole, first)
    cells = cells_of(totals, period, first, whole)
    return add_up(found, cells, PriceList() if prices is None else prices)


def totals_of(user: Any, period: Period, *, whole: bool) -> Any:
    """What `calls_of` would find, added up. A day begins where a quarter of an hour does."""
    totals = CallTotals.objects.all() if whole else CallTotals.objects.for_user(user)
    if period.begins:
        totals = totals.filter(begins__gte=period.begins)
    return totals.filter(begins__lt=period.ends)


def cells_of(totals: Any, period: Period, first: date, whole: bool) -> dict[tuple[Any, ...], Cell]:
    names = ["day", "model", "interface", "purpose", "key_origin", "code", *(["user__username"] if whole else [])]
    days = totals.annotate(day=local_day("begins", midnight(first), period.ends)).order_by().values_list(*names)
    sums = ("calls", "prompt_tokens", "output_tokens", "first_token_ms", "first_tokens")
    grouped = days.annotate(*map(Sum, sums)).annotate(Joined("durations_ms"))
    return {row[: len(names)]: cell_of(*row[len(names) :]) for row in grouped}


def cell_of(calls: int, inputs: int, outputs: int, first_total: int, firsts: int, durations: str) -> Cell:
    # In their order already: whoever adds cells up sorts what is nearly sorted, which costs a third.
    return Cell(calls, inputs, outputs, first_total, firsts, array("L", sorted(map(int, durations.split(",")))))


def add_up(found: Report, cells: dict[tuple[Any, ...], Cell], prices: PriceList) -> Report:
    by: dict[str, dict[str, Tally]] = {
        name: defaultdict(Tally) for name in ("span", "model", "interface", "purpose", "origin", "user")
    }
    for values, cell in cells.items():
        key = Key(*values)
        cost = cost_of(key.origin, key.model, cell.input_tokens, cell.output_tokens, prices)
        found.cells.append((key, cell, cost))
        if key.code not in (DONE, STOPPED):
            found.failures[key.code] = found.failures.get(key.code, 0) + cell.calls
        answered = key.code == DONE and key.purpose in ANSWERING
        span = key.day[:7] if found.by_months else key.day
        for name, group in by.items():
            of = group[span if name == "span" else getattr(key, name)]
            # Among the purposes each has its own time; anywhere else a title would make answers look quick.
            timed = key.code == DONE if name == "purpose" else answered
            of.add(cell, key.model, key.purpose, key.code, cost, timed=timed)
        found.total.add(cell, key.model, key.purpose, key.code, cost, timed=answered)
    found.by = {name: dict(group) for name, group in by.items()}
    found.failures = dict(sorted(found.failures.items(), key=lambda item: -item[1]))
    return found


def cost_of(origin: str, model: str, input_tokens: int, output_tokens: int, prices: PriceList) -> Decimal | None:
    """The demo model is nobody's bill; neither is a call that used no tokens. None: the model has no price."""
    if origin == GeminiCall.KeyOrigin.DEMO or not (input_tokens or output_tokens):
        return Decimal(0)
    return prices.cost(model, input_tokens, output_tokens)


def cost_of_call(call: GeminiCall, prices: PriceList) -> Decimal | None:
    output_tokens = max(call.total_tokens - call.prompt_tokens, 0)
    return cost_of(call.key_origin, call.model, call.prompt_tokens, output_tokens, prices)
