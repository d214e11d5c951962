"""What a list of events comes to: hours, overlaps, free time, the next meeting. Computed here, never by the model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from google_oauth.conf import WORKING_HOURS
from google_oauth.events import Event
from google_oauth.periods import Period

SATURDAY = 5
# Shorter gaps are breath, not time.
SHORTEST_SLOT = timedelta(minutes=30)
NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Slot:
    starts: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Day:
    """`busy`: how long meetings take, two at once counted once; `free`: slots of working hours that are left."""

    date: date
    events: tuple[Event, ...]
    meetings: int
    busy: timedelta
    busy_in_working_hours: timedelta
    working: timedelta
    free: tuple[Slot, ...]

    @property
    def share(self) -> int:
        """Percent of the working hours that meetings take."""
        return round(100 * (self.busy_in_working_hours / self.working)) if self.working else 0

    @property
    def minutes(self) -> int:
        return int(self.busy_in_working_hours.total_seconds() // 60)

    @property
    def working_minutes(self) -> int:
        return int(self.working.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Overlap:
    first: Event
    second: Event
    slot: Slot


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    now: datetime
    days: tuple[Day, ...]
    overlaps: tuple[Overlap, ...]
    next_meeting: Event | None

    @property
    def meetings(self) -> int:
        """A meeting across midnight is on two days, and one meeting."""
        return len({event.id for day in self.days for event in day.events if event.is_meeting})

    @property
    def busy(self) -> timedelta:
        return sum((day.busy for day in self.days), NOTHING)

    @property
    def working(self) -> timedelta:
        return sum((day.working for day in self.days), NOTHING)

    @property
    def share(self) -> int:
        inside = sum((day.busy_in_working_hours for day in self.days), NOTHING)
        return round(100 * (inside / self.working)) if self.working else 0

    @property
    def busiest(self) -> Day | None:
        found = max(self.days, key=lambda day: day.busy, default=None)
        return found if found and found.busy else None

    @property
    def free(self) -> list[Slot]:
        return [slot for day in self.days for slot in day.free]


def report(events: Sequence[Event], period: Period, now: datetime) -> Report:
    upcoming = [event for event in events if event.is_meeting and event.starts >= now]
    return Report(
        period=period,
        now=now,
        days=tuple(day_of(events, day, now) for day in period.days),
        overlaps=tuple(overlaps([event for event in events if event.busy and not event.all_day])),
        next_meeting=min(upcoming, key=lambda event: event.starts, default=None),
    )


def day_of(events: Sequence[Event], day: date, now: datetime) -> Day:
    zone = now.tzinfo
    whole = Slot(datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone))
    work = working_hours(day, now)
    meetings = merged(clipped((event for event in events if event.is_meeting), whole))
    # Focus time is no meeting, and neither is a day off; but one is not free in it.
    taken = merged(clipped((event for event in events if event.busy), whole))
    return Day(
        date=day,
        events=tuple(event for event in events if event.on(day)),
        meetings=sum(1 for event in events if event.is_meeting and event.on(day)),
        busy=total(meetings),
        busy_in_working_hours=total(within(meetings, work)) if work else NOTHING,
        working=work.length if work else NOTHING,
        free=tuple(slot for slot in gaps(taken, work, now) if slot.length >= SHORTEST_SLOT) if work else (),
    )


def working_hours(day: date, now: datetime) -> Slot | None:
    if day.weekday() >= SATURDAY:
        return None
    start, end = (datetime.combine(day, time(hour), now.tzinfo) for hour in WORKING_HOURS)
    return Slot(start, end)


def clipped(events: Iterable[Event], whole: Slot) -> list[Slot]:
    return within([Slot(event.starts, event.ends) for event in events], whole)


def within(slots: Iterable[Slot], whole: Slot) -> list[Slot]:
    parts = [Slot(max(slot.starts, whole.starts), min(slot.ends, whole.ends)) for slot in slots]
    return [part for part in parts if part.starts < part.ends]


def merged(slots: Iterable[Slot]) -> list[Slot]:
    joined: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: slot.starts):
        if joined and slot.starts <= joined[-1].ends:
            joined[-1] = Slot(joined[-1].starts, max(joined[-1].ends, slot.ends))
        else:
            joined.append(slot)
    return joined


def total(slots: Iterable[Slot]) -> timedelta:
    return sum((slot.length for slot in slots), NOTHING)


def gaps(taken: Sequence[Slot], work: Slot, now: datetime) -> list[Slot]:
    """What is left of the working hours from now on."""
    free, cursor = [], max(work.starts, rounded_up(now))
    for slot in taken:
        if slot.starts > cursor:
            free.append(Slot(cursor, min(slot.starts, work.ends)))
        cursor = max(cursor, slot.ends)
    free.append(Slot(cursor, work.ends))
    return [slot for slot in free if slot.starts < slot.ends]


def rounded_up(now: datetime) -> datetime:
    """To the quarter of an hour: nobody meets at 10:07."""
    start = now.replace(minute=0, second=0, microsecond=0)
    quarters = -((start - now) // timedelta(minutes=15))
    return start + quarters * timedelta(minutes=15)


def overlaps(events: Sequence[Event]) -> list[Overlap]:
    """Each pair once, in the order of the second one's beginning."""
    found: list[Overlap] = []
    running: list[Event] = []
    for event in sorted(events, key=lambda event: (event.starts, event.ends)):
        running = [other for other in running if other.ends > event.starts]
        found += [
            Overlap(other, event, Slot(event.starts, min(other.ends, event.ends)))
            for other in running
            if event.starts < event.ends
        ]
        running.append(event)
    return found
