"""Times, hours and answers in words, the same on pages, in what the model is sent, and in what a source gives."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from google_oauth.events import Attendee, Event
from google_oauth.periods import Period

RESPONSES: dict[str, Any] = {
    "accepted": gettext_lazy("придёт"),
    "declined": gettext_lazy("не придёт"),
    "tentative": gettext_lazy("возможно"),
    "needsAction": gettext_lazy("не ответил(а)"),
}
OWN_RESPONSES: dict[str, Any] = {
    "declined": gettext_lazy("вы отказались"),
    "tentative": gettext_lazy("вы ответили «возможно»"),
    "needsAction": gettext_lazy("вы ещё не ответили"),
}
KINDS: dict[str, Any] = {
    "focusTime": gettext_lazy("время для сосредоточенной работы"),
    "outOfOffice": gettext_lazy("нет на месте"),
    "birthday": gettext_lazy("день рождения"),
    "workingLocation": gettext_lazy("место работы"),
}


def duration(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if hours and minutes:
        return _("%(hours)s ч %(minutes)s мин") % {"hours": hours, "minutes": minutes}
    return _("%(hours)s ч") % {"hours": hours} if hours else _("%(minutes)s мин") % {"minutes": minutes}


def title(event: Event) -> str:
    return event.title or _("(без названия)")


def clock(moment: datetime) -> str:
    return date_format(moment, "H:i")


def hours(event: Event, day: date | None = None) -> str:
    """When it is; on a day that it began before, or goes on after, only the time that is on this day."""
    last = (event.ends - timedelta(microseconds=1)).date()
    if event.all_day or (day and event.starts.date() < day < last):
        return _("весь день")
    if day and last > day:
        return f"{clock(event.starts)} →"
    if day and event.starts.date() < day:
        return f"→ {clock(event.ends)}"
    return f"{clock(event.starts)}–{clock(event.ends)}"


def day_name(day: date) -> str:
    return weekday_in_sentence(date_format(day, "D, j E"))


def weekday_in_sentence(text: str) -> str:
    """Django begins the days of the week with a capital, which Russian does not."""
    return text[:1].lower() + text[1:] if get_language() == "ru" else text


def period_name(period: Period) -> str:
    first, last = period.first, period.last
    if first == last:
        return weekday_in_sentence(date_format(first, "l, j E Y"))
    if period.kind == "month":
        return weekday_in_sentence(date_format(first, "F Y"))
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j E Y')}"
    return f"{date_format(first, 'j E' if first.year == last.year else 'j E Y')} – {date_format(last, 'j E Y')}"


def meetings(count: int) -> str:
    return ngettext("%(count)s встреча", "%(count)s встреч", count) % {"count": count}


def attendee(one: Attendee) -> str:
    said = RESPONSES.get(one.response)
    return f"{one.name} ({said})" if said and not one.room else one.name
