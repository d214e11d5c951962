"""Bars as whole numbers, in units of the drawing, for the templates that draw them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from finance.pay import Month
from finance.summary import Flow, span_of

HEIGHT, WIDTH = 1000, 1000
STEP, BAR = 20, 8
# A drawing has room for so many groups at least: the bar of a single month would be a wall.
LEAST_GROUPS = 12
# What is there at all is to be seen.
LEAST = 12
# Categories that have a bar of their own; all others share one.
MOST_CATEGORIES = 10


@dataclass(frozen=True, slots=True)
class Bar:
    part: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Group:
    """One month or year with its bars; `flow` is what they stand for."""

    span: str
    flow: Any
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    groups: list[Group] = field(default_factory=list)
    highest: Decimal = Decimal(0)
    bar: int = BAR
    height: int = HEIGHT

    @property
    def width(self) -> int:
        return max(len(self.groups), LEAST_GROUPS) * STEP


@dataclass(frozen=True, slots=True)
class Share:
    """One category: its bar, its sum, and its part of the whole in percent."""

    name: str
    spending: Decimal
    width: int
    percent: Decimal
    # How many categories it stands for.
    categories: int = 1


def by_span(spans: Mapping[str, Flow]) -> Chart:
    """Income beside spending."""
    highest = max((max(flow.income, flow.spending) for flow in spans.values()), default=Decimal(0))
    groups = []
    for number, (span, flow) in enumerate(spans.items()):
        parts = [("income", flow.income), ("spending", flow.spending)]
        bars = [
            bar(part, number * STEP + 1 + place * (BAR + 1), value, highest)
            for place, (part, value) in enumerate(parts)
        ]
        groups.append(Group(span, flow, [drawn for drawn in bars if drawn.height]))
    return Chart(groups, highest)


def by_pay(months: list[Month]) -> Chart:
    """What was paid month by month, in roubles; months without a rate have no bar, and are named beside."""
    known = [month for month in months if month.byn is not None]
    highest = max((month.byn or Decimal(0) for month in known), default=Decimal(0))
    groups = [
        Group(
            span_of(month.month, by_years=False),
            month,
            [bar("income", number * STEP + 2, month.byn or Decimal(0), highest)],
        )
        for number, month in enumerate(known)
    ]
    return Chart(groups, highest, bar=2 * BAR)


def bar(part: str, x: int, value: Decimal, highest: Decimal) -> Bar:
    height = max(round(value * HEIGHT / highest), LEAST) if value else 0
    return Bar(part, x, HEIGHT - height, height)


def by_category(categories: Mapping[str, Flow]) -> list[Share]:
    """The largest first; what is left over as one."""
    spent = [(name, flow.spending) for name, flow in categories.items() if flow.spending]
    whole = sum((spending for _name, spending in spent), Decimal(0))
    shown, rest = spent[:MOST_CATEGORIES], spent[MOST_CATEGORIES:]
    if len(rest) == 1:
        shown, rest = spent, []
    counted = [(name, spending, 1) for name, spending in shown]
    if rest:
        counted.append(("", sum((spending for _name, spending in rest), Decimal(0)), len(rest)))
    most = max((spending for _name, spending, _count in counted), default=Decimal(1))
    return [
        Share(
            name,
            spending,
            max(round(spending * WIDTH / most), 4),
            (100 * spending / whole).quantize(Decimal("0.1")),
            count,
        )
        for name, spending, count in counted
    ]
