"""What a rate is and how amounts are converted by it. Pure, and Decimal throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

MINSK = ZoneInfo("Europe/Minsk")
BYN = "BYN"
CENT = Decimal("0.01")

# Before it prices were in roubles ten thousand times as small.
FIRST_DAY = date(2016, 7, 1)
# Since then each currency has kept the number that its history is asked by; before, there were others.
FIRST_DAY_OF_HISTORY = date(2021, 7, 9)
# The session of a Friday sets the rate of Monday, and holidays may come after it.
DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate` BYN for `scale` units of the currency, on a day in Minsk."""

    currency: str
    date: date
    rate: Decimal
    scale: int
    name: str = ""

    @property
    def per_unit(self) -> Decimal:
        return self.rate / self.scale


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one day; `stale` when they are of an earlier one, because the service does not answer."""

    date: date
    by_currency: dict[str, Rate]
    stale: bool = False
    # Why they are not of the day asked for, in words.
    message: str = ""


@dataclass(frozen=True, slots=True)
class History:
    rates: Sequence[Rate]
    stale: bool = False
    message: str = ""


def of_byn(day: date) -> Rate:
    return Rate(BYN, day, Decimal(1), 1, _("Белорусский рубль"))


def convert(amount: Decimal, source: Rate, target: Rate) -> Decimal:
    """Through BYN, rounded once and at the end, to kopecks."""
    exact = amount * source.rate * target.scale / (source.scale * target.rate)
    return exact.quantize(CENT, ROUND_HALF_UP)


def today() -> date:
    return now().date()


def now() -> datetime:
    """The time in Minsk, by whose days rates are named."""
    return datetime.now(MINSK)


class Malformed(Exception):
    """An answer that is not what the service documents; nothing of it is kept."""


def read_rate(row: Any) -> Rate | None:
    """A row of `/exrates/rates`; None for one without a rate. Raises `Malformed`."""
    try:
        currency, value, scale, name = (row[f"Cur_{key}"] for key in ("Abbreviation", "OfficialRate", "Scale", "Name"))
        if currency is None or value is None:
            return None
        return Rate(
            code_of(currency), read_date(row["Date"]), read_amount(value), read_scale(scale), str(name or "")[:100]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(str(error)) from error


def read_point(row: Any, currency: str, scale: int) -> Rate | None:
    """A row of `/exrates/rates/dynamics`, which says neither the currency nor its scale. Raises `Malformed`."""
    try:
        if row["Cur_OfficialRate"] is None:
            return None
        return Rate(currency, read_date(row["Date"]), read_amount(row["Cur_OfficialRate"]), scale)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(str(error)) from error


def code_of(text: Any) -> str:
    if not (isinstance(text, str) and len(text) == 3 and text.isascii() and text.isalpha()):
        raise ValueError(f"no currency: {text!r:.40}")
    return text.upper()


def read_date(text: str) -> date:
    """A calendar date in Minsk: the time beside it is always midnight, in no zone."""
    return date.fromisoformat(text[:10])


def read_amount(value: Any) -> Decimal:
    """Positive, and small enough for its column. JSON's fractions come as Decimal, whole numbers as int."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int) or not 0 < value < 10**12:
        raise ValueError(f"no rate: {value!r:.40}")
    return Decimal(value)


def read_scale(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 10**6:
        raise ValueError(f"no scale: {value!r:.40}")
    return value


def slices(since: date, until: date, days: int = 365) -> list[tuple[date, date]]:
    """The period in pieces of at most so many days: a longer one is cut by the service without a word."""
    pieces = []
    while since <= until:
        end = min(until, since + timedelta(days=days - 1))
        pieces.append((since, end))
        since = end + timedelta(days=1)
    return pieces
