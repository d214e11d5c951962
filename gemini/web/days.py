"""Days as people think of them, and sessions under them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(slots=True)
class Group:
    """Sessions under one heading; `continued`: it already stands above, at the end of the page before."""

    label: str = ""
    sessions: list[Any] = field(default_factory=list)
    continued: bool = False


def spoken_day(moment: datetime) -> str:
    """The day of a moment, as one speaks of it."""
    date, today = timezone.localdate(moment), timezone.localdate()
    if date == today:
        return _("Сегодня")
    if date == today - timedelta(days=1):
        return _("Вчера")
    return date_format(date, "j E" if date.year == today.year else "j E Y")


def day_label(moment: datetime, today: date | None = None) -> str:
    today = today or timezone.localdate()
    day = timezone.localtime(moment).date()
    if day >= today:
        return _("Сегодня")
    if day == today - timedelta(days=1):
        return _("Вчера")
    if day >= today - timedelta(days=today.weekday()):
        return _("На этой неделе")
    return format_date(day, "F Y")


def by_day(sessions: Iterable[Any], attribute: str = "updated_at") -> list[Group]:
    """Groups of what is already in the order of that time."""
    today = timezone.localdate()
    return [
        Group(label, list(rows))
        for label, rows in groupby(sessions, lambda session: day_label(getattr(session, attribute), today))
    ]
