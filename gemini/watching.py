"""Who must not go on watching: a stream is opened once and may run for minutes, but its sign-in can be ended meanwhile.

Where a sign-in is ended its streams are let go at once, in other processes as well when there is a bus. Whatever that
misses is found within `replies.upkeep.SWEEP_EVERY` seconds by the rows of the sessions.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from gemini.replies.bus import bus

# Seconds; longer than any stream lasts.
REMEMBERED = 900.0

_ended: dict[str, float] = {}
# How the streams of each sign-in are let go.
_watching: dict[str, set[Callable[[], None]]] = {}
_lock = threading.Lock()


def end(session_keys: Iterable[str]) -> None:
    session_keys = list(session_keys)
    end_here(session_keys)
    for key in session_keys:
        bus.tell("ended", session=key)


def end_here(session_keys: Iterable[str]) -> None:
    now = time.monotonic()
    for key in [key for key, moment in tuple(_ended.items()) if moment < now - REMEMBERED]:
        _ended.pop(key, None)
    session_keys = list(session_keys)
    _ended.update(dict.fromkeys(session_keys, now))
    let_go(session_keys)


def has_ended(session_key: str | None) -> bool:
    """Cheap enough to ask between any two events."""
    return bool(_ended) and session_key in _ended


@contextmanager
def watched_by(session_key: str | None, dismiss: Callable[[], None]) -> Iterator[None]:
    """While a stream runs: `dismiss` is called, from any thread, when its sign-in is over."""
    key = session_key or ""
    if not key:
        yield
        return
    with _lock:
        _watching.setdefault(key, set()).add(dismiss)
    try:
        yield
    finally:
        with _lock:
            _watching[key].discard(dismiss)
            if not _watching[key]:
                del _watching[key]


def let_go(session_keys: Iterable[str]) -> None:
    with _lock:
        dismissed = [dismiss for key in session_keys for dismiss in _watching.get(key, ())]
    for dismiss in dismissed:
        dismiss()


def end_gone() -> None:
    """Lets go the streams whose sign-in has no live row any more. One query for all of them, none without streams.

    Such a row may also have got another key, by a change of the password in another tab: so these streams are not
    told that they have ended, and whoever still is signed in comes back.
    """
    with _lock:
        keys = set(_watching)
    # Sessions that are kept elsewhere have no rows.
    if keys and issubclass(import_module(settings.SESSION_ENGINE).SessionStore, DatabaseSessions):
        alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        let_go(keys - set(alive.values_list("session_key", flat=True)))
