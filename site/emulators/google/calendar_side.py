"""Calendar API v3, as far as it is read: https://developers.google.com/calendar/api/v3/reference."""

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from emulators.google import events, failures
from emulators.google.accounts import Account, account
from emulators.google.tokens import Mint
from emulators.serving import Reply, Request

AUTH = "https://www.googleapis.com/auth/"
READ_EVENTS = {AUTH + name for name in ("calendar.events.readonly", "calendar.events", "calendar.readonly", "calendar")}
READ_LIST = {AUTH + name for name in ("calendar.calendarlist.readonly", "calendar.readonly", "calendar")}
PATH = re.compile(r"/calendars/([^/]+)/events")
LIST = "/users/me/calendarList"
DEFAULT_SIZE, LARGEST_SIZE = 250, 2_500
# Without bounds events would go on for ever.
HORIZON = timedelta(days=365)


class Invalid(Exception):
    def __init__(self, parameter: str, reply: Reply | None = None) -> None:
        super().__init__(parameter)
        self.reply = reply or failures.invalid(parameter)


class CalendarSide:
    def __init__(self, mint: Mint) -> None:
        self.mint = mint

    def answer(self, request: Request, path: str) -> Reply:
        claims = self.mint.read("access", request.headers.get("authorization", "").removeprefix("Bearer "))
        if claims is None:
            return failures.unauthorized()
        person, scopes = account(claims["email"]), set(claims["scopes"])
        if path == LIST:
            if not scopes & READ_LIST:
                return failures.without_scope("calendar.v3.CalendarList.List")
            entry = {"kind": "calendar#calendarListEntry", "id": person.email, "summary": person.email, "primary": True}
            return tagged({"kind": "calendar#calendarList", "items": [entry | {"timeZone": "Europe/Minsk"}]})
        found = PATH.fullmatch(path)
        if not found or unquote(found[1]) not in ("primary", person.email):
            return failures.refusal(404, "notFound", "Not Found")
        if not scopes & READ_EVENTS:
            return failures.without_scope("calendar.v3.Events.List")
        try:
            return self.events(request, person)
        except Invalid as invalid:
            return invalid.reply

    def events(self, request: Request, person: Account) -> Reply:
        since, before = bounds(request)
        single = flag(request, "singleEvents")
        if request.get("orderBy", "startTime") == "startTime" and request.get("orderBy") and not single:
            raise Invalid("orderBy", failures.refusal(400, "badRequest", "The requested ordering is not available."))
        if request.get("syncToken"):
            # All that it ever gave out are too old: whoever has one must begin anew.
            raise Invalid("syncToken", failures.KINDS["410"]())
        size = number(request, "maxResults", DEFAULT_SIZE, LARGEST_SIZE)
        rows = [one for one in events.between(person, since, before) if flag(request, "showDeleted") or alive(one)]
        start = page_start(request)
        page = [shortened(one, number(request, "maxAttendees", 0, LARGEST_SIZE)) for one in rows[start : start + size]]
        more = start + size < len(rows)
        token = {"nextPageToken": page_token(start + size)} if more else {"nextSyncToken": "emulator-sync"}
        body = {
            "kind": "calendar#events",
            "etag": '"emulator"',
            "summary": person.email,
            "description": "",
            "updated": events.CREATED,
            "timeZone": request.get("timeZone", "Europe/Minsk"),
            "accessRole": "owner",
            "defaultReminders": [{"method": "popup", "minutes": 10}],
            **token,
            "items": page,
        }
        return tagged(masked(body, parsed_mask(request.get("fields"))) if request.get("fields") else body)


def alive(event: dict[str, Any]) -> bool:
    return event["status"] != "cancelled"


def tagged(body: Any) -> Reply:
    """The tag itself is made of the body by whoever sends it."""
    return Reply(body, headers={"ETag": "", "Cache-Control": "private, max-age=0, must-revalidate"})


def flag(request: Request, name: str) -> bool:
    value = request.get(name, "false")
    if value not in ("true", "false"):
        raise Invalid(name)
    return value == "true"


def number(request: Request, name: str, default: int, largest: int) -> int:
    value = request.get(name, str(default))
    if not value.isascii() or not value.isdigit() or (name in (key for key, _ in request.query) and int(value) < 1):
        raise Invalid(name)
    return min(int(value), largest)


def bounds(request: Request) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    since, before = when(request, "timeMin", now - HORIZON), when(request, "timeMax", now + HORIZON)
    if since >= before:
        message = "The specified time range is empty."
        where = {"locationType": "parameter", "location": "timeMax"}
        raise Invalid("timeMax", failures.refusal(400, "timeRangeEmpty", message, "calendar", **where))
    return since, before


def when(request: Request, name: str, default: datetime) -> datetime:
    """RFC 3339, for which the offset is not optional."""
    if not (value := request.get(name)):
        return default
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid(name) from None
    if found.tzinfo is None or "T" not in value.upper():
        raise Invalid(name)
    return found


def page_token(start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"start": start}).encode()).decode()


def page_start(request: Request) -> int:
    if not (token := request.get("pageToken")):
        return 0
    try:
        return int(json.loads(base64.urlsafe_b64decode(token))["start"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Invalid("pageToken") from None


def shortened(event: dict[str, Any], attendees: int) -> dict[str, Any]:
    people = event.get("attendees", [])
    if not attendees or len(people) <= attendees:
        return event
    mine = [one for one in people if one.get("self")]
    return event | {"attendees": mine or people[:1], "attendeesOmitted": True}


Mask = dict[str, "Mask | None"]


def parsed_mask(text: str) -> Mask:
    """`a,b(c,d)` as what is wanted of an object; None: all of it."""
    mask, rest = take_mask(text)
    if rest:
        raise Invalid("fields", failures.refusal(400, "invalidParameter", f"Invalid field selection {text}"))
    return mask


def take_mask(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while found := re.match(r"(\w+)", text):
        name, text = found[1], text[found.end() :]
        mask[name] = None
        if text.startswith("("):
            mask[name], text = take_mask(text[1:])
            text = text[1:]
        if not text.startswith(","):
            break
        text = text[1:]
    return mask, text


def masked(value: Any, mask: Mask | None) -> Any:
    if mask is None:
        return value
    if isinstance(value, list):
        return [masked(one, mask) for one in value]
    return {name: masked(value[name], inner) for name, inner in mask.items() if name in value}
