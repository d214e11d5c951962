"""Where a user is signed in: one `UserSession` of allauth's for each live session, a browser's or a program's.

allauth records a session at sign-in only, or with each request at the cost of a write. Here each session is written
down once in `SEEN_EVERY` seconds, also one that no sign-in of allauth's has made, such as the key of the API.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.browsers import describe
from accounts.models import User
from gemini import strangers
from gemini.service import GeminiService

SEEN_EVERY = 300
NO_ADDRESS = "0.0.0.0"  # nosec B104 # shown as no address


@dataclass(frozen=True, slots=True)
class SignIn:
    """A live session as its owner is shown it: never with its key, which would open it."""

    pk: int
    name: str
    ip: str
    is_api: bool
    is_current: bool
    created_at: datetime
    last_seen_at: datetime


def is_news(session_key: str) -> bool:
    """Whether the session has not been written down lately. Asks memory only."""
    # Not by the key itself: it opens the account, and the cache may be a Redis that others read.
    digest = hashlib.sha256(session_key.encode()).hexdigest()
    return bool(cache.add(f"accounts:seen:{digest}", True, SEEN_EVERY))


def begin(request: HttpRequest, user: Any, session_key: str, *, is_api: bool) -> None:
    """Writes down a session that was just made: its first request need not do so again."""
    is_news(session_key)
    record(request, user, session_key, is_api=is_api)


def record(request: HttpRequest, user: Any, session_key: str, *, is_api: bool = False) -> None:
    seen = {
        "ip": address_of(request),
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        "last_seen_at": timezone.now(),
    }
    known = UserSession.objects.filter(session_key=session_key)
    if known.update(**seen, user=user):
        return
    row = UserSession(session_key=session_key, user=user, data={"api": True} if is_api else {}, **seen)
    # Two first requests at once write one row.
    UserSession.objects.bulk_create([row], ignore_conflicts=True)


def address_of(request: HttpRequest) -> str:
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        # A server behind a socket knows no address.
        return NO_ADDRESS


def sign_ins_of(user: User, current_key: str | None) -> list[SignIn]:
    """The live ones, the current first, then the latest seen; rows of dead sessions are swept. Three queries."""
    rows = list(UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at"))
    alive = alive_among({row.session_key for row in rows}, user)
    if dead := [row.pk for row in rows if row.session_key not in alive]:
        UserSession.objects.filter(pk__in=dead).delete()
    found = [
        SignIn(
            pk=row.pk,
            name=describe(row.user_agent),
            ip="" if row.ip == NO_ADDRESS else row.ip,
            is_api=bool(row.data.get("api")),
            is_current=row.session_key == current_key,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda one: not one.is_current)


def alive_among(keys: Collection[str], user: User) -> set[str]:
    """Those that still open the account: not expired, and not of the time before a change of password."""
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {session.session_key for session in sessions if opens(session, user)}


def opens(session: Session, user: User) -> bool:
    stored = session.get_decoded().get(auth.HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return is_of(session, user) and any(constant_time_compare(stored, one) for one in hashes)


def is_of(session: Session, user: User) -> bool:
    return session.get_decoded().get(auth.SESSION_KEY) == str(user.pk)


def is_alive(session_key: str) -> bool:
    return Session.objects.filter(session_key=session_key).exists()


def end(user: User, pk: int) -> bool:
    """Ends one of the user's sessions; False when there is none of that number."""
    row = UserSession.objects.filter(user_id=user.pk, pk=pk).first()
    if row is None:
        strangers.note(user, UserSession.objects.exclude(user_id=user.pk).filter(pk=pk))
        return False
    forget(user, [row.session_key])
    return True


def end_others(user: User, current_key: str | None) -> int:
    """Ends all of the user's sessions but one; their number."""
    return end_all([user], current_key)


def end_all(users: Collection[User], but: str | None = None) -> int:
    """Ends all sessions of these users, but one if it is named; their number.

    Looks at every session of the site (80 ms for a thousand): one that was never written down must end too.
    """
    keys: dict[str, list[str]] = {str(user.pk): [] for user in users}
    for one in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        owner = one.get_decoded().get(auth.SESSION_KEY)
        if owner in keys and one.session_key != but:
            keys[owner].append(one.session_key)
    for user in users:
        forget(user, keys[str(user.pk)])
    UserSession.objects.filter(user_id__in=keys).exclude(session_key=but or "").delete()
    return sum(map(len, keys.values()))


def forget(user: User, keys: Iterable[str]) -> None:
    keys = list(keys)
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    GeminiService(user).end_views(keys)
