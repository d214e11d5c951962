"""Rates that were fetched before: per date and for ever, apart for each service that they came from."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from gemini import conf
from gemini.models import NbrbRate
from gemini.sources.base import is_loopback
from gemini.sources.nbrb import rates
from gemini.sources.nbrb.rates import MINSK, Rate, today

# How long a rate of today or of a coming day is believed: it may still be corrected.
CORRECTED_WITHIN = timedelta(hours=6)


def origin() -> str:
    """Where rates come from now; a stand-in is the same one at whatever port it listens."""
    url = conf.get("NBRB_BASE_URL").rstrip("/")
    return "emulator" if is_loopback(url) else url


def day(on: date) -> dict[str, Rate] | None:
    """The whole list of a day, when it is here and still holds."""
    rows = list(NbrbRate.objects.filter(origin=origin(), date=on))
    listed = [row.fetched_at for row in rows if row.listed]
    if not listed or not holds(on, max(listed)):
        return None
    return {row.currency: as_rate(row) for row in rows}


def holds(on: date, fetched_at: datetime) -> bool:
    """A rate of a past day stays; today's is asked for again after midnight and from time to time."""
    if on < today():
        return True
    return rates.now() - fetched_at < CORRECTED_WITHIN and fetched_at.astimezone(MINSK).date() == today()


def latest(on: date) -> dict[str, Rate]:
    """The last list that is here of that day or an earlier one; empty when there is none."""
    lists = NbrbRate.objects.filter(origin=origin(), date__lte=on, listed=True)
    newest = lists.aggregate(newest=Max("date"))["newest"]
    return (
        {row.currency: as_rate(row) for row in NbrbRate.objects.filter(origin=origin(), date=newest)} if newest else {}
    )


def history(currency: str, since: date, until: date) -> list[Rate]:
    rows = NbrbRate.objects.filter(origin=origin(), currency=currency, date__range=(since, until)).order_by("date")
    return [as_rate(row) for row in rows]


def keep(fetched: Iterable[Rate], *, listed: bool) -> None:
    """Writes all of them or none; a newer answer about a day replaces an older one."""
    now = rates.now()
    rows = [
        NbrbRate(
            origin=origin(),
            date=rate.date,
            currency=rate.currency,
            scale=rate.scale,
            rate=rate.rate,
            name=rate.name,
            listed=listed,
            fetched_at=now,
        )
        for rate in fetched
    ]
    # What history brings says neither the name nor whether the day's list is here: it leaves both as they are.
    changed = ["scale", "rate", *(["name", "listed", "fetched_at"] if listed else [])]
    with transaction.atomic():
        NbrbRate.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            update_fields=changed,
            unique_fields=["origin", "currency", "date"],
        )


def as_rate(row: NbrbRate) -> Rate:
    return Rate(row.currency, row.date, row.rate.normalize(), row.scale, row.name)


def missing(have: Sequence[Rate], since: date, until: date) -> tuple[date, date] | None:
    """From the first to the last day of the period that is not here."""
    known = {rate.date for rate in have}
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    gaps = [day for day in days if day not in known]
    return (gaps[0], gaps[-1]) if gaps else None
