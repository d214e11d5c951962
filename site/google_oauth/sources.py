"""The calendar as a source: what the model may ask about the meetings of whoever it is talking to."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gemini.sources import ContextSource, SourceFailure, SourceResult, State
from google_oauth import analysis, calendar, conf, words
from google_oauth.events import Event
from google_oauth.exceptions import CalendarError, NotConfigured, NotConnected, ReconnectRequired
from google_oauth.periods import EARLIEST, LATEST, LONGEST, Period

DAY = {"type": "string", "format": "date", "description": "День, ГГГГ-ММ-ДД"}
MAX_DESCRIPTION = 300
# Those of our own that wait for Google: the sources' two threads are for the database.
_threads = ThreadPoolExecutor(4, thread_name_prefix="google-calendar")


class CalendarEvents(ContextSource):
    name = "calendar_events"
    title = gettext_lazy("Google Календарь")
    activity = gettext_lazy("Смотрю календарь…")
    description = (
        "События Google Календаря пользователя за период (не больше 31 дня) и посчитанное по ним: нагрузка по дням, "
        "пересечения, свободное рабочее время. Вызывай, когда спрашивают о встречах, планах, занятости или о том, "
        "когда есть время."
    )
    parameters = {
        "type": "object",
        "properties": {
            "from": DAY | {"description": "Первый день, ГГГГ-ММ-ДД"},
            "to": DAY | {"description": "Последний день включительно, ГГГГ-ММ-ДД; без него — тот же день"},
        },
        "required": ["from"],
    }
    labels = {
        "from": gettext_lazy("с"),
        "to": gettext_lazy("по"),
        "time_zone": gettext_lazy("часовой пояс"),
        "events": gettext_lazy("события"),
        "load": gettext_lazy("нагрузка"),
        "overlaps": gettext_lazy("пересечения"),
        "free": gettext_lazy("свободно"),
        "day": gettext_lazy("день"),
        "time": gettext_lazy("время"),
        "title": gettext_lazy("название"),
        "meetings": gettext_lazy("встреч"),
        "hours": gettext_lazy("занято"),
        "share": gettext_lazy("доля рабочего времени"),
        "place": gettext_lazy("место"),
        "people": gettext_lazy("участники"),
        "response": gettext_lazy("ответ"),
        "description": gettext_lazy("описание"),
    }

    @property
    def emulated(self) -> bool:
        return conf.is_emulated()

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        period = period_of(arguments)
        return await asyncio.get_running_loop().run_in_executor(_threads, on_own_connection, user, period)


def period_of(arguments: dict[str, Any]) -> Period:
    try:
        first = date.fromisoformat(arguments["from"])
        last = date.fromisoformat(arguments.get("to") or arguments["from"])
    except ValueError:
        raise SourceFailure(State.INVALID, _("Дни указываются так: 2026-11-23.")) from None
    if not EARLIEST <= first <= last <= LATEST or last - first >= timedelta(days=LONGEST):
        raise SourceFailure(State.INVALID, _("Период — от одного до 31 дня."))
    return Period(first, last)


def on_own_connection(user: Any, period: Period) -> SourceResult:
    try:
        return result(user, period)
    finally:
        connections.close_all()


def result(user: Any, period: Period) -> SourceResult:
    try:
        found = calendar.listing(user, period)
    except (NotConfigured, NotConnected, ReconnectRequired) as problem:
        return SourceResult(State.NOT_CONFIGURED, message=problem.message)
    except CalendarError as problem:
        return SourceResult(State.UNAVAILABLE, message=problem.message)
    report = analysis.report(found.events, period, timezone.localtime())
    message = _("Показаны не все события: их слишком много.") if found.truncated else ""
    if found.problem:
        message = f"{found.problem.message} {message}".strip()
    return SourceResult(
        State.STALE if found.is_stale else State.OK,
        data=data_of(report),
        message=message,
        as_of=timezone.localdate(found.as_of),
    )


def data_of(report: analysis.Report) -> dict[str, Any]:
    return {
        "time_zone": timezone.get_current_timezone_name(),
        "events": [row(event, day.date) for day in report.days for event in day.events],
        "load": [
            {
                "day": day.date.isoformat(),
                "meetings": day.meetings,
                "hours": words.duration(day.busy),
                "share": f"{day.share} %",
                "free": ", ".join(f"{words.clock(slot.starts)}–{words.clock(slot.ends)}" for slot in day.free),
            }
            for day in report.days
        ],
        "overlaps": [
            {
                "day": one.slot.starts.date().isoformat(),
                "time": f"{words.clock(one.slot.starts)}–{words.clock(one.slot.ends)}",
                "title": f"{words.title(one.first)} / {words.title(one.second)}",
            }
            for one in report.overlaps
        ],
    }


def row(event: Event, day: date) -> dict[str, Any]:
    found = {
        "day": day.isoformat(),
        "time": words.hours(event, day),
        "title": words.title(event),
        "place": event.place,
        "people": ", ".join(words.attendee(one) for one in event.attendees),
        "response": str(words.OWN_RESPONSES.get(event.response, "")),
        "description": event.description[:MAX_DESCRIPTION],
    }
    return {name: value for name, value in found.items() if value}
