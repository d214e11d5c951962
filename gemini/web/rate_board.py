"""The rates of one day beside those of the day before."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from gemini.sources import SourceFailure, State
from gemini.sources.nbrb import official
from gemini.sources.nbrb.rates import DAYS_AHEAD, FIRST_DAY, Rate, Rates, today
from gemini.sources.nbrb.sources import MAIN

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """`change` is for `rate.scale` units since the day before, in roubles; None when that day is not known."""

    rate: Rate
    change: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Board:
    """The rates of `day`, None when there are none; `message` says why, or why it is not the day `asked` for."""

    asked: date
    state: State
    message: str = ""
    day: date | None = None
    rates: Rates | None = None
    lines: list[Line] = field(default_factory=list)
    # The day after, when its rates are set.
    next_day: date | None = None

    @property
    def previous_day(self) -> date | None:
        return self.asked - DAY if self.asked > FIRST_DAY else None


async def board_on(asked: date) -> Board:
    """Asks for three days at once. That the neighbours are not known spoils nothing but the changes."""
    asked_for = [official.rates_on(asked), official.rates_on(asked - DAY)]
    if today() <= asked < today() + timedelta(days=DAYS_AHEAD):
        asked_for.append(official.rates_on(asked + DAY))
    found, *neighbours = await asyncio.gather(*map(outcome, asked_for))
    if isinstance(found, SourceFailure):
        return Board(asked, found.state, found.message)
    before, *after = [of_day(rates, day) for rates, day in zip(neighbours, (asked - DAY, asked + DAY), strict=False)]
    following = asked + DAY if asked < today() or (after and after[0]) else None
    state = State.STALE if found.stale else State.OK
    before = before if found.date == asked else None
    return Board(asked, state, found.message, found.date, found, lines_of(found, before), following)


async def outcome(asking: Awaitable[Rates]) -> Rates | SourceFailure:
    try:
        return await asking
    except SourceFailure as failure:
        return failure


def of_day(rates: Rates | SourceFailure, day: date) -> Rates | None:
    """Rates, if they are really that day's."""
    return rates if isinstance(rates, Rates) and not rates.stale and rates.date == day else None


def lines_of(rates: Rates, before: Rates | None) -> list[Line]:
    earlier = before.by_currency if before else {}
    return [line(rates.by_currency[code], earlier.get(code)) for code in in_order(rates.by_currency)]


def line(rate: Rate, before: Rate | None) -> Line:
    if before is None:
        return Line(rate, None, None)
    was = before.per_unit * rate.scale
    return Line(rate, rate.rate - was, (rate.rate / was - 1) * 100)


def in_order(codes: dict[str, Rate]) -> list[str]:
    """Those that are asked for most come first."""
    return sorted(codes, key=lambda code: (MAIN.index(code) if code in MAIN else len(MAIN), code))
