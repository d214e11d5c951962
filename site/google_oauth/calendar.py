"""The events of a user's own calendar: asked of Google, kept for a minute, and for a day in case it does not answer."""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from google_oauth import conf, events, tokens, wire
from google_oauth.events import Event
from google_oauth.exceptions import (
    CalendarError,
    NotConfigured,
    NotConnected,
    ReconnectRequired,
    Refused,
    TooManyRequests,
    Unavailable,
)
from google_oauth.models import GoogleCredential
from google_oauth.periods import Period

logger = logging.getLogger(__name__)

# Seconds. What is asked of Google in one go; how long its answer is as good as new, or better than none; how long it
# is left alone after it has failed.
PATIENCE = 8.0
FRESH, KEPT, PAUSE_AFTER_FAILURE = 60, 24 * 3_600, 30
LONGEST_PAUSE = 300
PAGE_SIZE, MAX_PAGES = 100, 5
KEPT_PERIODS = 12
FIELDS = (
    "etag,nextPageToken,items(id,status,htmlLink,hangoutLink,summary,description,location,organizer(email,displayName,self),"
    "start,end,recurringEventId,originalStartTime,transparency,eventType,attendeesOmitted,"
    "attendees(email,displayName,self,optional,resource,responseStatus))"
)
OVER_LIMIT = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"}
WITHOUT_SCOPE = {"insufficientPermissions"}


@dataclass(frozen=True, slots=True)
class Listing:
    """`as_of`: when Google said so. `problem`: why it is not from now, and `truncated`: that there are more."""

    events: tuple[Event, ...]
    as_of: datetime
    truncated: bool = False
    etag: str = ""
    problem: CalendarError | None = None

    @property
    def is_stale(self) -> bool:
        return self.problem is not None


class Again(Exception):
    """Google's list has changed under its pages: it is begun anew."""


def credential_of(user: Any) -> GoogleCredential | None:
    return GoogleCredential.objects.for_user(user).select_related("account").first()


def listing(user: Any, period: Period) -> Listing:
    """The events of the user's calendar that touch the period.

    Raises `NotConfigured`, `NotConnected`, `ReconnectRequired`; and `Unavailable`, `TooManyRequests` or `Refused` when
    nothing is kept either. Takes up to ten seconds.
    """
    if not conf.is_configured():
        raise NotConfigured
    credential = credential_of(user)
    if credential is None:
        raise NotConnected
    if credential.state == GoogleCredential.State.RECONNECT:
        raise ReconnectRequired
    # The credential's number is in it: what comes after a disconnection is never what was before.
    key = (credential.pk, credential.account_id, period.first, period.last)
    known: dict[Any, Any] = cache.get(tokens.events_key(user.pk)) or {}
    kept: Listing | None = known.get(key)
    if kept and timezone.now() - kept.as_of < timedelta(seconds=FRESH):
        return kept
    if (pause := known.get("pause")) and pause[0] > time.time():
        return stale(kept, paused(*pause))
    try:
        found = fetched(credential, period, kept.etag if kept else "")
    except (Unavailable, TooManyRequests, Refused) as error:
        logger.warning("Calendar: %s", error)
        wait = min(error.retry_after or PAUSE_AFTER_FAILURE, LONGEST_PAUSE)
        remember(user, known | {"pause": (time.time() + wait, type(error))})
        return stale(kept, error)
    if found is None and kept:
        found = replace(kept, as_of=timezone.now())
    if found is None:
        raise Unavailable("304 to an unconditional request")
    newest = [(one, value) for one, value in known.items() if one not in (key, "pause")][1 - KEPT_PERIODS :]
    remember(user, {**dict(newest), key: found})
    return found


def remember(user: Any, known: dict[Any, Any]) -> None:
    cache.set(tokens.events_key(user.pk), known, KEPT)


def paused(until: float, kind: type[CalendarError]) -> CalendarError:
    return kind(retry_after=max(1, round(until - time.time())))


def stale(kept: Listing | None, problem: CalendarError) -> Listing:
    if kept is None:
        raise problem
    return replace(kept, problem=problem)


def fetched(credential: GoogleCredential, period: Period, etag: str) -> Listing | None:
    """What Google has; None when that is what the etag stands for."""
    until = time.monotonic() + PATIENCE
    credential = tokens.usable(credential)
    for attempt in (1, 2):
        try:
            return pages(credential, period, etag, until)
        except Again:
            if attempt == 2:
                raise Unavailable("the list changed twice") from None
            etag = ""
    raise AssertionError


def pages(credential: GoogleCredential, period: Period, etag: str, until: float) -> Listing | None:
    zone = timezone.get_current_timezone()
    since, before = period.bounds(zone)
    params: dict[str, Any] = {
        "singleEvents": "true",
        "orderBy": "startTime",
        "timeMin": since.isoformat(),
        "timeMax": before.isoformat(),
        "timeZone": timezone.get_current_timezone_name(),
        "maxResults": PAGE_SIZE,
        "maxAttendees": events.MAX_ATTENDEES,
        "fields": FIELDS,
    }
    items: list[Any] = []
    token = ""
    for number in range(MAX_PAGES):
        # An empty page may well have another after it.
        page_params = params | ({"pageToken": token} if token else {})
        credential, answer = asked(credential, page_params, etag if not number else "", until)
        if answer.status == 304:
            return None
        found = answer.body.get("items")
        if not isinstance(found, list):
            raise Unavailable("no list of events")
        items += found
        token = str(answer.body.get("nextPageToken") or "")
        if not number:
            etag = str(answer.headers.get("etag") or "")
        if not token:
            break
    read, unreadable = events.read(items, zone)
    if unreadable:
        logger.warning("Calendar: %s of %s events could not be read", unreadable, len(items))
    # The tag of a list in pages says nothing of its later ones.
    return Listing(tuple(read), timezone.now(), bool(token), "" if len(items) > PAGE_SIZE or token else etag)


def asked(
    credential: GoogleCredential, params: dict[str, Any], etag: str, until: float
) -> tuple[GoogleCredential, wire.Answer]:
    """A page, asked for again with another token where this one is refused."""
    url = f"{settings.GOOGLE_CALENDAR_URL}/calendars/primary/events"
    for attempt in (1, 2):
        headers = {"Authorization": f"Bearer {credential.access}", "Accept": "application/json"}
        if etag:
            headers["If-None-Match"] = etag
        try:
            answer = wire.get(url, params, headers, until=until)
        except wire.Unreachable as error:
            raise Unavailable(str(error)) from error
        if answer.status != 401 or attempt == 2:
            check(answer, paging="pageToken" in params)
            return credential, answer
        credential = tokens.renewed(credential)
    raise AssertionError


def check(answer: wire.Answer, *, paging: bool) -> None:
    """Raises what a refusal means; Google's reasons: https://developers.google.com/calendar/api/guides/errors."""
    reason = reason_of(answer.body)
    match answer.status:
        case 200 | 304:
            return
        case 401:
            raise ReconnectRequired("refused with a new token")
        case 410:
            raise Again
        case 400 if paging:
            # A page token that has grown too old.
            raise Again
        case 429:
            raise TooManyRequests(reason, retry_after=retry_after(answer))
        case 403 if reason in OVER_LIMIT:
            raise TooManyRequests(reason, retry_after=retry_after(answer))
        case 403 if reason in WITHOUT_SCOPE:
            raise ReconnectRequired(reason)
        case 400 | 403 | 404:
            raise Refused(f"{answer.status} {reason}")
    raise Unavailable(f"status {answer.status}")


def reason_of(body: dict[str, Any]) -> str:
    try:
        return str(body["error"]["errors"][0]["reason"])
    except (KeyError, IndexError, TypeError):
        return ""


def retry_after(answer: wire.Answer) -> float:
    seconds = answer.headers.get("retry-after", "")
    return float(min(int(seconds), LONGEST_PAUSE)) if seconds.isascii() and seconds.isdigit() and seconds else 60.0
