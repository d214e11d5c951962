"""What a day's money was worth in Belarusian roubles, by the National Bank's official rate of that very day."""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from asgiref.sync import async_to_sync
from django.utils.translation import gettext as _

from gemini.sources import SourceFailure
from gemini.sources.nbrb import official
from gemini.sources.nbrb.rates import BYN, FIRST_DAY_OF_HISTORY, Rate, today
from gemini.sources.nbrb.sources import DayRates

# Seconds that a page waits for rates which are not stored yet; what is not here by then is said to be missing.
PATIENCE = 8.0
# A rate that is older than its day by more than this is none.
OLDEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DayRate:
    """BYN for one unit, and the day that the rate is of: an earlier one while the service does not answer."""

    per_unit: Decimal
    as_of: date


ONE = Decimal(1)


@dataclass(slots=True)
class RateBook:
    """Rates by currency, each a list by day; `messages` say in words why some are missing."""

    days: dict[str, list[date]] = field(default_factory=dict)
    rates: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def add(self, rate: Rate) -> None:
        self.rates.setdefault(rate.currency, {})[rate.date] = rate.per_unit

    def close(self) -> "RateBook":
        self.days = {currency: sorted(rates) for currency, rates in self.rates.items()}
        return self

    def byn(self, currency: str, day: date) -> DayRate | None:
        """None: there is no rate, and whatever is worth something in it cannot be added up."""
        if currency == BYN:
            return DayRate(ONE, day)
        days = self.days.get(currency, [])
        place = bisect_right(days, day)
        if not place or day - days[place - 1] > OLDEST or day > today():
            return None
        return DayRate(self.rates[currency][days[place - 1]], days[place - 1])


def rate_book(wanted: Mapping[str, tuple[date, date]]) -> RateBook:
    """The rates of these currencies over these periods (first day, last day). Asks the bank only for new days."""
    return async_to_sync(arate_book)(wanted) if wanted.keys() - {BYN} else RateBook()


async def arate_book(wanted: Mapping[str, tuple[date, date]]) -> RateBook:
    book = RateBook()
    wanted = {currency: span for currency, span in wanted.items() if currency != BYN}
    if not wanted:
        return book
    tasks = [asyncio.ensure_future(collect(book, currency, *span)) for currency, span in wanted.items()]
    _done, late = await asyncio.wait(tasks, timeout=PATIENCE)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if late:
        book.messages.append(_("НБРБ отвечает слишком медленно: обновите страницу через минуту."))
    if book.rates and DayRates().emulated:
        book.messages.append(_("Курсы демонстрационные: вместо НБРБ отвечает его имитация."))
    book.messages = list(dict.fromkeys(book.messages))
    return book.close()


async def collect(book: RateBook, currency: str, since: date, until: date) -> None:
    """Past days by their history; today, which may still be corrected, by the list of the day."""
    try:
        if (first := max(since, FIRST_DAY_OF_HISTORY)) <= (last := min(until, today() - timedelta(days=1))):
            history = await official.history(currency, first, last)
            for rate in history.rates:
                book.add(rate)
            if history.stale:
                book.messages.append(history.message)
        if until >= today() >= since:
            rates = await official.rates_on(today())
            if rates.stale:
                book.messages.append(rates.message)
            if of_today := rates.by_currency.get(currency):
                book.add(of_today)
    except SourceFailure as failure:
        book.messages.append(f"{currency}: {failure.message}")
