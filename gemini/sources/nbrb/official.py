"""Official rates, from what is stored where it holds, else from the service, else the last that are known."""

import asyncio
import logging
import weakref
from collections import defaultdict
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gemini import conf
from gemini.sources import memory
from gemini.sources.base import SourceFailure, State
from gemini.sources.database import in_database
from gemini.sources.nbrb import client as nbrb
from gemini.sources.nbrb import store
from gemini.sources.nbrb.client import Down
from gemini.sources.nbrb.rates import (
    BYN,
    DAYS_AHEAD,
    FIRST_DAY,
    FIRST_DAY_OF_HISTORY,
    History,
    Rate,
    Rates,
    of_byn,
    today,
)

logger = logging.getLogger(__name__)

# Seconds for which a rate that is not set yet, or not at all, is not asked for.
NOT_SET_SECONDS = 600
UNKNOWN_SECONDS = 3_600
# Past it, that rates are old is said more plainly.
OLD = timedelta(days=7)

# Of many chats that want the same day one asks, the others wait and find it stored. Each loop has its own locks.
_locks: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, defaultdict[str, asyncio.Lock]]" = (
    weakref.WeakKeyDictionary()
)


def lock(key: str) -> asyncio.Lock:
    return _locks.setdefault(asyncio.get_running_loop(), defaultdict(asyncio.Lock))[key]


async def rates_on(on: date) -> Rates:
    """All rates of a day in Minsk, or the last before it. Raises `SourceFailure` when there are none at all."""
    if on < FIRST_DAY:
        raise SourceFailure(State.INVALID, _("Курсы до 1 июля 2016 года — в прежних рублях, их здесь нет."))
    if on > today() + timedelta(days=DAYS_AHEAD):
        raise SourceFailure(State.INVALID, _("Курс на такой далёкий день не известен никому."))
    if rates := await in_database(store.day, on):
        return Rates(on, rates)
    async with lock(f"day {on}"):
        if rates := await in_database(store.day, on):
            return Rates(on, rates)
        try:
            fetched = await fetch_day(on)
        except Down as error:
            logger.warning("NBRB: %s", error)
            return await last_known(on, _("НБРБ сейчас не отвечает."))
    if fetched:
        return Rates(next(iter(fetched.values())).date, fetched)
    unset = _("Курс на {day} ещё не установлен.").format(day=f"{on:%d.%m.%Y}")
    if on <= today():
        return await last_known(on, unset)
    last = await rates_on(today())
    words = last.message or _("Вот курсы на {day}.").format(day=f"{last.date:%d.%m.%Y}")
    return Rates(last.date, last.by_currency, stale=True, message=f"{unset} {words}")


async def fetch_day(on: date) -> dict[str, Rate]:
    """Asks for a day and stores it; empty when it is not set yet. Raises `Down`."""
    await refuse_if_down()
    unset = ("nbrb unset", store.origin(), on)
    if await memory.get(*unset):
        return {}
    try:
        async with nbrb.connected() as client:
            rates = await nbrb.rates_of(client, on)
    except Down as error:
        await remember_down(str(error))
        raise
    if rates:
        await in_database(lambda: store.keep(rates, listed=True))
    else:
        await memory.put(True, NOT_SET_SECONDS, *unset)
    return {rate.currency: rate for rate in rates}


async def last_known(on: date, why: str) -> Rates:
    known = await in_database(store.latest, on)
    if not known:
        raise SourceFailure(State.UNAVAILABLE, why + " " + _("Сохранённых курсов ещё нет."))
    last = next(iter(known.values())).date
    words = _("Вот последние известные курсы, на {day}.").format(day=f"{last:%d.%m.%Y}")
    if on - last > OLD:
        words += " " + _("Им больше недели: опираться на них нельзя.")
    return Rates(last, known, stale=True, message=f"{why} {words}")


async def rate_of(currency: str, rates: Rates) -> Rate:
    """The rate of one currency on the day of a list. Raises `SourceFailure`."""
    if currency == BYN:
        return of_byn(rates.date)
    if currency in rates.by_currency:
        return rates.by_currency[currency]
    if not rates.stale and (rate := await rate_by_letters(currency, rates.date)):
        return rate
    raise SourceFailure(State.INVALID, _("НБРБ не устанавливает курс {currency}.").format(currency=currency))


async def rate_by_letters(currency: str, on: date) -> Rate | None:
    """For the few currencies whose rate is set once a month, and which no daily list holds."""
    unknown = ("nbrb unknown", store.origin(), currency)
    if await memory.get(*unknown):
        return None
    try:
        await refuse_if_down()
        async with nbrb.connected() as client:
            rate = await nbrb.rate_of(client, currency, on)
    except Down as error:
        await remember_down(str(error))
        raise SourceFailure(State.UNAVAILABLE, _("НБРБ сейчас не отвечает.")) from error
    if rate is None:
        await memory.put(True, UNKNOWN_SECONDS, *unknown)
    return rate


async def history(currency: str, since: date, until: date) -> History:
    """A currency's rates day by day, weekends included. Raises `SourceFailure` when there are none."""
    until = min(until, today() + timedelta(days=1))
    message = ""
    if since < FIRST_DAY_OF_HISTORY:
        since, message = FIRST_DAY_OF_HISTORY, _("История есть с 9 июля 2021 года.")
    if since > until:
        raise SourceFailure(State.INVALID, _("В этом периоде курсов нет.") + " " + message)
    have = await in_database(store.history, currency, since, until)
    if not is_whole(have, since, until):
        async with lock(f"history {currency}"):
            have = await in_database(store.history, currency, since, until)
            try:
                if not is_whole(have, since, until):
                    have = await fetch_history(have, currency, since, until)
            except Down as error:
                logger.warning("NBRB: %s", error)
                if not have:
                    raise SourceFailure(State.UNAVAILABLE, _("НБРБ сейчас не отвечает.")) from error
                why = _("НБРБ сейчас не отвечает: вот сохранённые курсы, некоторых дней может не быть.")
                return History(have, stale=True, message=f"{why} {message}".strip())
    if not have:
        raise SourceFailure(
            State.INVALID, _("НБРБ не устанавливал курс {currency} в эти дни.").format(currency=currency)
        )
    return History(have, message=message)


def is_whole(have: list[Rate], since: date, until: date) -> bool:
    """Whether nothing is missing but what may not be set yet: tomorrow's rate."""
    gap = store.missing(have, since, until)
    return gap is None or gap[0] > today()


async def fetch_history(have: list[Rate], currency: str, since: date, until: date) -> list[Rate]:
    """Asks for what is missing and stores it. Raises `Down`."""
    await refuse_if_down()
    gap = store.missing(have, since, until)
    assert gap is not None
    unknown = ("nbrb no history", store.origin(), currency, gap)
    if await memory.get(*unknown):
        return have
    try:
        async with nbrb.connected() as client:
            rates = await nbrb.history_of(client, currency, *gap)
    except Down as error:
        await remember_down(str(error))
        raise
    if not rates:
        await memory.put(True, UNKNOWN_SECONDS, *unknown)
    # Today may still be corrected: it is stored with the list of its day only.
    await in_database(lambda: store.keep([rate for rate in rates if rate.date < today()], listed=False))
    merged = {rate.date: rate for rate in [*have, *rates]}
    return [merged[day] for day in sorted(merged)]


async def refuse_if_down() -> None:
    if reason := await memory.get("nbrb down", conf.get("NBRB_BASE_URL")):
        raise Down(f"left alone after: {reason}")


async def remember_down(reason: str) -> None:
    if not reason.startswith("left alone"):
        seconds = conf.get("NBRB_PAUSE_SECONDS")
        await memory.put(reason[:200], seconds, "nbrb down", conf.get("NBRB_BASE_URL"))
