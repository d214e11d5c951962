"""The service's own protocol: https://www.nbrb.by/apihelp/exrates. Times and rates are Minsk's."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from typing import Any

from gemini import conf
from gemini.sources import http, memory
from gemini.sources.nbrb.rates import Malformed, Rate, read_date, read_point, read_rate, slices

# An answer about a day further from the one asked for is about something else.
TOLERATED = (timedelta(days=-7), timedelta(days=3))
CURRENCIES_FRESH_SECONDS = 7 * 24 * 3600
CURRENCIES_KEPT_SECONDS = 60 * 24 * 3600


class Down(Exception):
    """The service does not answer, or not with what it documents. `str()` is for the log."""


def connected() -> AbstractAsyncContextManager[Any]:
    return http.client(conf.get("NBRB_BASE_URL"), conf.get("NBRB_PROXY"))


async def rates_of(client: Any, on: date) -> list[Rate]:
    """The list of a day; empty when its rates are not set yet. Raises `Down`."""
    body = await ask(client, "/exrates/rates", {"ondate": on.isoformat(), "periodicity": 0})
    if body is None:
        return []
    try:
        if not isinstance(body, list):
            raise Malformed("no list")
        rates = [rate for row in body if (rate := read_rate(row))]
        for rate in rates:
            if not TOLERATED[0] <= rate.date - on <= TOLERATED[1]:
                raise Malformed(f"asked for {on}, got {rate.date}")
        if len({rate.date for rate in rates}) > 1:
            raise Malformed("several days")
    except Malformed as error:
        raise Down(str(error)) from error
    return rates


async def rate_of(client: Any, currency: str, on: date) -> Rate | None:
    """One currency by its letters, also one whose rate is set once a month. Raises `Down`."""
    for periodicity in (0, 1):
        params = {"parammode": 2, "ondate": on.isoformat(), "periodicity": periodicity}
        body = await ask(client, f"/exrates/rates/{currency}", params)
        try:
            if body is not None and (rate := read_rate(body)) and rate.currency == currency:
                return rate
        except Malformed as error:
            raise Down(str(error)) from error
    return None


async def history_of(client: Any, currency: str, since: date, until: date) -> list[Rate]:
    """The rates of a period, asked for by the numbers that the currency had then. Raises `Down`."""
    asked = [
        (one["Cur_ID"], one["Cur_Scale"], *piece)
        for one in await ids_of(client, currency, since, until)
        for piece in slices(max(since, read_date(one["Cur_DateStart"])), min(until, read_date(one["Cur_DateEnd"])))
    ]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(points(client, currency, *one)) for one in asked]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [rate for task in tasks for rate in task.result()]


async def points(client: Any, currency: str, number: int, scale: int, since: date, until: date) -> list[Rate]:
    params = {"startdate": since.isoformat(), "enddate": until.isoformat()}
    body = await ask(client, f"/exrates/rates/dynamics/{number}", params)
    try:
        if body is not None and not isinstance(body, list):
            raise Malformed("no list")
        rates = [rate for row in body or [] if (rate := read_point(row, currency, scale))]
    except Malformed as error:
        raise Down(str(error)) from error
    return [rate for rate in rates if since <= rate.date <= until]


async def ids_of(client: Any, currency: str, since: date, until: date) -> Sequence[dict[str, Any]]:
    """The daily numbers of a currency in a period: BRL, for one, has changed its own."""
    return [
        one
        for one in await currencies(client)
        if one["Cur_Abbreviation"] == currency
        and one["Cur_Periodicity"] == 0
        and read_date(one["Cur_DateStart"]) <= until
        and read_date(one["Cur_DateEnd"]) >= since
    ]


async def currencies(client: Any) -> list[dict[str, Any]]:
    """All currencies that ever had a rate; asked for again each week, and then only if changed. Raises `Down`."""
    key = ("nbrb currencies", str(client.base_url))
    kept = await memory.get(*key)
    if kept and await memory.get(*key, "fresh"):
        return kept["rows"]
    known = {"If-None-Match": kept["etag"]} if kept and kept["etag"] else None
    try:
        answer = await http.get(client, "/exrates/currencies", headers=known)
        rows = kept["rows"] if kept and answer.status == 304 else currencies_in(answer)
    except (http.Unreachable, Malformed) as error:
        if kept:
            return kept["rows"]
        raise Down(str(error)) from error
    etag = answer.headers.get("etag", "")
    await memory.put({"rows": rows, "etag": etag}, CURRENCIES_KEPT_SECONDS, *key)
    await memory.put(True, CURRENCIES_FRESH_SECONDS, *key, "fresh")
    return rows


def currencies_in(answer: http.Answer) -> list[dict[str, Any]]:
    needed = ("Cur_ID", "Cur_Abbreviation", "Cur_Scale", "Cur_Periodicity", "Cur_DateStart", "Cur_DateEnd")
    try:
        if answer.status != 200 or not answer.body:
            raise ValueError(f"status {answer.status}")
        rows = [{name: row[name] for name in needed} for row in answer.body]
        for row in rows:
            read_date(row["Cur_DateStart"]), read_date(row["Cur_DateEnd"])
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(str(error)) from error
    return rows


async def ask(client: Any, path: str, params: dict[str, Any]) -> Any:
    """The JSON; None for 404, which means that there is no such rate. Raises `Down`."""
    try:
        answer = await http.get(client, path, params)
    except http.Unreachable as error:
        raise Down(str(error)) from error
    if answer.status == 404:
        return None
    if answer.status != 200 or answer.body is None:
        raise Down(f"status {answer.status}")
    return answer.body
