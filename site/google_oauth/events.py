"""Google's events → ours. All of it is text from outside: cut, without markup, and with no links but Google's own."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import nh3

MAX_TITLE, MAX_PLACE, MAX_DESCRIPTION, MAX_ATTENDEES = 200, 200, 1_000, 20
OUR_LINKS = {"www.google.com", "calendar.google.com", "meet.google.com"}
# What is in a calendar without being an appointment.
NO_APPOINTMENTS = {"birthday", "workingLocation"}
BREAK = re.compile(r"<(?:br|/?(?:p|div|ul|ol|li))\b[^>]*>", re.IGNORECASE)
# Control characters, and those that turn the direction of what follows.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str
    response: str
    optional: bool = False
    room: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """`ends` is exclusive; of an event that lasts whole days both are midnights of the site's time zone."""

    id: str
    title: str
    starts: datetime
    ends: datetime
    all_day: bool
    kind: str
    # `confirmed` or `tentative`, and what its owner has answered, empty where nobody was asked.
    status: str
    response: str
    # Whether it takes up time: not free, not declined, no birthday.
    busy: bool
    recurring: bool
    moved: bool
    place: str
    description: str
    organizer: str
    attendees: tuple[Attendee, ...]
    more_attendees: bool
    link: str
    call: str

    @property
    def is_meeting(self) -> bool:
        """With somebody, or at least at a time: what the load is counted of."""
        return self.busy and not self.all_day and self.kind in ("default", "fromGmail")

    @property
    def is_untitled(self) -> bool:
        return not self.title

    def on(self, day: date) -> bool:
        first, last = self.starts.date(), (self.ends - timedelta(microseconds=1)).date()
        return first <= day <= max(first, last)


def read(items: Iterable[Any], zone: tzinfo) -> tuple[list[Event], int]:
    """The events among the items, by their beginning, and how many items were none that can be read."""
    events, unreadable = [], 0
    for item in items:
        try:
            if item["status"] != "cancelled":
                events.append(event_of(item, zone))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            unreadable += 1
    return sorted(events, key=lambda event: (event.starts, not event.all_day, event.ends, event.id)), unreadable


def event_of(item: Mapping[str, Any], zone: tzinfo) -> Event:
    starts, all_day = moment(item["start"], zone)
    ends, _ = moment(item["end"], zone)
    if ends < starts:
        raise ValueError("ends before it starts")
    people = item.get("attendees") or []
    response = next((text(one.get("responseStatus"), 20) for one in people if one.get("self")), "")
    kind = text(item.get("eventType") or "default", 30)
    busy = item.get("transparency") != "transparent" and response != "declined" and kind not in NO_APPOINTMENTS
    original = item.get("originalStartTime")
    organizer = item.get("organizer") or {}
    return Event(
        id=text(item["id"], 1_100),
        title=text(item.get("summary"), MAX_TITLE),
        starts=starts,
        ends=ends,
        all_day=all_day,
        kind=kind,
        status=text(item["status"], 20),
        response=response,
        busy=busy,
        recurring="recurringEventId" in item,
        moved=original is not None and moment(original, zone)[0] != starts,
        place=text(item.get("location"), MAX_PLACE),
        description=plain(item.get("description"), MAX_DESCRIPTION),
        organizer="" if organizer.get("self") else person(organizer),
        attendees=tuple(attendee(one) for one in people[:MAX_ATTENDEES] if not one.get("self")),
        more_attendees=bool(item.get("attendeesOmitted")) or len(people) > MAX_ATTENDEES,
        link=own_link(item.get("htmlLink")),
        call=own_link(item.get("hangoutLink")),
    )


def moment(value: Mapping[str, Any], zone: tzinfo) -> tuple[datetime, bool]:
    """A point in time in the site's zone, and whether it is a date without a time of day."""
    if "dateTime" not in value:
        day = date.fromisoformat(value["date"])
        return datetime(day.year, day.month, day.day, tzinfo=zone), True
    found = datetime.fromisoformat(value["dateTime"])
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(value["timeZone"]) if "timeZone" in value else zone)
    return found.astimezone(zone), False


def attendee(one: Mapping[str, Any]) -> Attendee:
    return Attendee(
        person(one), text(one.get("responseStatus"), 20), bool(one.get("optional")), bool(one.get("resource"))
    )


def person(one: Mapping[str, Any]) -> str:
    return text(one.get("displayName") or one.get("email"), 100)


def text(value: Any, limit: int) -> str:
    """One line."""
    return cut(" ".join(UNPRINTABLE.sub(" ", str(value or "")).split()), limit)


def plain(value: Any, limit: int) -> str:
    """HTML as text, in lines; its links keep their words and lose their addresses."""
    # Twice as much as is kept may be markup; a megabyte of it is not worth reading.
    words = nh3.clean(BREAK.sub("\n", str(value or "")[: limit * 10]), tags=set())
    lines = (" ".join(line.split()) for line in UNPRINTABLE.sub(" ", html.unescape(words)).split("\n"))
    return cut("\n".join(line for line in lines if line), limit)


def cut(value: str, limit: int) -> str:
    return value if len(value) <= limit else value[: limit - 1].rstrip() + "…"


def own_link(value: Any) -> str:
    """An address at Google's calendar or calls, or nothing: an invitation may bring any."""
    try:
        found = urlsplit(str(value or ""))
    except ValueError:
        return ""
    return found.geturl() if found.scheme == "https" and found.netloc in OUR_LINKS else ""
