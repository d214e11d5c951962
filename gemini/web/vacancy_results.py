"""What was found, what it pays, and what of it a model would be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gemini.sources import ContextBlock, SourceFailure, State
from gemini.sources.toolbox import Record, Toolbox
from gemini.sources.vacancies import shapes
from gemini.sources.vacancies.shapes import Found, Pay
from gemini.sources.vacancies.sources import FILTERS, PER, TAX, Salaries, Search, provider
from gemini.web.rates_format import exact
from gemini.web.vacancy_forms import LAST_PAGE

# Names of a group's bounds, as `salaries.statistics` gives them.
BOUNDS = ("from_lowest", "from_median", "from_highest", "to_lowest", "to_median", "to_highest", "median_of_middles")


@dataclass(frozen=True, slots=True)
class Results:
    """`found` is None when nobody answers; `message` says why, or what must be known about it."""

    state: State
    provider: str = ""
    emulated: bool = False
    message: str = ""
    found: Found | None = None

    @property
    def number(self) -> int:
        return self.found.page + 1 if self.found else 0

    @property
    def pages(self) -> int:
        return min(self.found.pages, LAST_PAGE) if self.found else 0

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


@dataclass(frozen=True, slots=True)
class Group:
    """Pay that may be compared: one currency, one tax, one period."""

    kind: str
    count: int
    bounds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Insight:
    """`sent`: letter by letter what a model would be sent beside the question."""

    sent: list[str]
    groups: list[Group] = field(default_factory=list)
    looked_at: int = 0
    without_salary: int = 0
    # Why there are no groups, or what must be known about them.
    message: str = ""
    # Whether there is anything to be sent.
    has_data: bool = True


async def results_of(arguments: dict[str, Any]) -> Results:
    name, emulated = "", False
    try:
        asked = provider()
        name, emulated = asked.name, asked.emulated
        found = await asked.search(shapes.Search(**arguments))
    except SourceFailure as failure:
        return Results(failure.state, name, emulated, failure.message)
    return Results(State.STALE if found.stale_since else State.OK, name, emulated, found.message, found)


def blocks_of(arguments: dict[str, Any]) -> list[ContextBlock]:
    """The page that was found, and the pay of all that the search finds."""
    filters = {name: value for name, value in arguments.items() if name in FILTERS}
    return [ContextBlock(Search.name, arguments), ContextBlock(Salaries.name, filters)]


async def insight_of(user: Any, arguments: dict[str, Any]) -> Insight:
    """Asked for as a reply asks for it, so that what is shown is what is sent."""
    toolbox = Toolbox(user, attached=blocks_of(arguments))
    parts = [part["text"] for part in await toolbox.attach()]
    found, pay = toolbox.records
    data = pay.sent.get("data") or {}
    return Insight(
        parts,
        [group(one) for one in data.get("groups", [])],
        data.get("looked_at", 0),
        data.get("without_salary", 0),
        # Of what came whole it says what the search has said already.
        "" if pay.state == State.OK else pay.sent.get("message", ""),
        has_data=has_data(found),
    )


def has_data(found: Record) -> bool:
    return bool((found.sent.get("data") or {}).get("vacancies"))


def group(data: dict[str, Any]) -> Group:
    tax = TAX["" if data["tax"] == "unknown" else data["tax"]]
    kind = f"{data['currency']}, {PER.get(data['per'], data['per'])}, {tax}"
    return Group(kind, data["count"], {name: exact(Decimal(data[name])) for name in BOUNDS if name in data})


def pay_in_words(pay: Pay) -> str:
    """«от 250 000 до 350 000 RUB за месяц, на руки»."""
    bounds = [f"{word} {exact(Decimal(value))}" for word, value in (("от", pay.low), ("до", pay.high)) if value]
    return f"{' '.join(bounds)} {pay.currency} {PER.get(pay.per, pay.per)}, {TAX[pay.tax]}"
