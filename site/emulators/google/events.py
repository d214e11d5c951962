"""A calendar that is the same for the same account and week, and made up."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from emulators.google.accounts import Account

ZONE = ZoneInfo("Europe/Minsk")
CREATED = "2026-01-12T08:00:00.000Z"


def between(person: Account, since: datetime, before: datetime) -> list[dict[str, Any]]:
    """Single events that end after `since` and begin before `before`, by their beginning."""
    day = since.astimezone(ZONE).date() - timedelta(days=7)
    found = []
    while day <= before.astimezone(ZONE).date():
        found += list(on(person, day))
        day += timedelta(days=1)
    inside = [one for one in found if moment(one["end"]) > since and moment(one["start"]) < before]
    return sorted(inside, key=lambda one: (moment(one["start"]), one["id"]))


def moment(value: dict[str, str]) -> datetime:
    if "date" in value:
        return datetime.combine(date.fromisoformat(value["date"]), time(), ZONE)
    return datetime.fromisoformat(value["dateTime"])


def on(person: Account, day: date) -> Iterator[dict[str, Any]]:
    kind = person.email.partition("@")[0]
    if kind.startswith("empty"):
        return
    if kind.startswith("busy"):
        yield from (
            timed(person, day, f"busy{n}", f"{n // 4 + 6}:{15 * (n % 4):02}", 15, f"Звонок {n + 1}") for n in range(40)
        )
        return
    yield from week(person, day)


def week(person: Account, day: date) -> Iterator[dict[str, Any]]:
    team = [guest("boris.l@example.com", "Борис Левин"), guest("vera@example.com", "Вера Орлова", "needsAction")]
    shift = int(hashlib.sha256(person.email.encode()).hexdigest()[:2], 16) % 3
    weekday = day.weekday()
    if weekday < 5:
        yield timed(person, day, "standup", "10:00", 15, "Стендап команды", recurring=True, guests=team, call=True)
    if weekday == shift:
        yield timed(person, day, "review", "14:00", 60, "Разбор дизайна", guests=team)
        yield timed(person, day, "contract", "14:30", 60, "Согласование договора", guests=[client()], place=OFFICE)
    match weekday:
        case 0:
            yield timed(person, day, "plan", "11:00", 60, "Планёрка", recurring=True, guests=team, call=True)
            yield {**timed(person, day, "gone", "16:00", 30, "Отменённая встреча"), "status": "cancelled"}
        case 1:
            yield timed(person, day, "private", "09:00", 30, "", extra={"visibility": "private"})
        case 2:
            yield timed(person, day, "focus", "15:00", 120, "Фокус-время", kind="focusTime")
        case 3:
            yield timed(
                person, day, "client", "12:00", 90, "Встреча с клиентом", guests=[client()], place=OFFICE, text=AGENDA
            )
            yield timed(
                person, day, "moved", "17:00", 30, "Один на один (перенесено)", recurring=True, moved_from="16:00"
            )
        case 4:
            yield timed(person, day, "release", "23:00", 180, "Ночной релиз", guests=team)
            declined = [{"email": person.email, "self": True, "responseStatus": "declined"}, *team]
            yield timed(person, day, "party", "18:30", 90, "Настольные игры", extra={"attendees": declined})
        case 5:
            yield whole(person, day, 2, "trip", "Поездка за город", transparency="transparent")
        case 6:
            yield whole(
                person, day, 1, "birthday", "День рождения мамы", eventType="birthday", transparency="transparent"
            )


OFFICE = "Минск, ул. Толбухина, 2"
AGENDA = (
    'Обсудить договор.<br>Повестка: <a href="https://example.org/agenda">ссылка</a><ul><li>сроки</li><li>цена</li></ul>'
    "<script>alert(1)</script>"
)


def client() -> dict[str, Any]:
    return guest("client@example.org", "ООО «Клиент»") | {"organizer": True}


def guest(email: str, name: str, response: str = "accepted") -> dict[str, Any]:
    return {"email": email, "displayName": name, "responseStatus": response}


def identity(person: Account, name: str, day: date) -> str:
    return name + hashlib.sha256(f"{person.email} {name} {day}".encode()).hexdigest()[:18]


def event(person: Account, day: date, name: str, summary: str) -> dict[str, Any]:
    number = identity(person, name, day)
    me = {"email": person.email, "self": True}
    return {
        "kind": "calendar#event",
        "etag": f'"{int(number[-8:], 16)}"',
        "id": number,
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={number}",
        "created": CREATED,
        "updated": CREATED,
        **({"summary": summary} if summary else {}),
        "creator": me,
        "organizer": me,
        "iCalUID": f"{number}@google.com",
        "sequence": 0,
        "reminders": {"useDefault": True},
        "eventType": "default",
    }


def timed(
    person: Account,
    day: date,
    name: str,
    start: str,
    minutes: int,
    summary: str,
    *,
    recurring: bool = False,
    moved_from: str = "",
    guests: Any = (),
    place: str = "",
    text: str = "",
    kind: str = "default",
    call: bool = False,
    extra: Any = None,
) -> dict[str, Any]:
    begins = at(day, start)
    found = event(person, day, name, summary)
    found |= {"start": stamp(begins), "end": stamp(begins + timedelta(minutes=minutes)), "eventType": kind}
    if recurring:
        found["recurringEventId"] = name
        found["originalStartTime"] = stamp(at(day, moved_from or start))
    if guests:
        me = {"email": person.email, "self": True, "responseStatus": "accepted"}
        found["attendees"] = [me, *guests]
        if host := next((one for one in guests if one.get("organizer")), None):
            found["organizer"] = {"email": host["email"], "displayName": host["displayName"]}
            me["responseStatus"] = "tentative"
    if call:
        found["hangoutLink"] = "https://meet.google.com/abc-defg-hij"
    found |= {key: value for key, value in (("location", place), ("description", text)) if value}
    return found | (extra or {})


def whole(person: Account, day: date, days: int, name: str, summary: str, **more: Any) -> dict[str, Any]:
    """Its end is exclusive."""
    dates = {"start": {"date": day.isoformat()}, "end": {"date": (day + timedelta(days=days)).isoformat()}}
    return event(person, day, name, summary) | dates | more


def at(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(hour, minute), ZONE)


def stamp(when: datetime) -> dict[str, str]:
    return {"dateTime": when.isoformat(), "timeZone": "Europe/Minsk"}
