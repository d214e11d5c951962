"""One currency over time, and its line in units of the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from gemini.sources import SourceFailure, State
from gemini.sources.nbrb import official
from gemini.sources.nbrb.rates import Rate, today
from gemini.sources.nbrb.sources import summary
from gemini.usage.charts import HEIGHT, STEP

LENGTHS = {"30d": _("30 дней"), "90d": _("90 дней"), "365d": _("Год")}
# Above and below the line, so that its ends are seen.
MARGIN = 10


@dataclass(frozen=True, slots=True)
class Course:
    """The rates of a period, oldest first; `message` says what must be known about them, or why there are none."""

    currency: str
    period: str
    state: State
    message: str = ""
    rates: Sequence[Rate] = ()
    summary: dict[str, Any] = field(default_factory=dict)
    lowest: Rate | None = None
    highest: Rate | None = None

    @property
    def width(self) -> int:
        return max(len(self.rates), 1) * STEP

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def step(self) -> int:
        return STEP

    @property
    def points(self) -> list[tuple[int, Rate]]:
        """Where the day of each rate begins on the drawing."""
        return [(number * STEP, rate) for number, rate in enumerate(self.rates)]

    @property
    def line(self) -> str:
        """The `points` of a polyline. Its foot is the lowest rate and not nought, from where all days look the same."""
        low, high = (price(rate) for rate in (min(self.rates, key=price), max(self.rates, key=price)))
        room = HEIGHT - 2 * MARGIN
        heights = [
            round((rate.per_unit - low) * room / (high - low)) if high > low else room // 2 for rate in self.rates
        ]
        return " ".join(
            f"{number * STEP + STEP // 2},{HEIGHT - MARGIN - height}" for number, height in enumerate(heights)
        )


async def course_of(currency: str, period: str) -> Course:
    until = today()
    since = until - timedelta(days=int(period.removesuffix("d")) - 1)
    try:
        found = await official.history(currency, since, until)
    except SourceFailure as failure:
        return Course(currency, period, failure.state, failure.message)
    lowest, highest = min(found.rates, key=price), max(found.rates, key=price)
    state = State.STALE if found.stale else State.OK
    facts = {name: Decimal(value) for name, value in summary(currency, found.rates).items() if name in SHOWN}
    return Course(currency, period, state, found.message, found.rates, facts, lowest, highest)


SHOWN = ("average", "change_percent")


def price(rate: Rate) -> Decimal:
    return rate.per_unit
