"""The cache, for sources on an event loop: what everybody may know, never what is one user's."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from gemini.sources.base import SourceFailure, State
from gemini.sources.database import in_database

# Seconds for which an answer may still stand in for one that does not come.
KEPT_SECONDS = 24 * 3600


def key_of(*parts: Any) -> str:
    """The same question has the same key, whoever asks it; caches want short plain ones."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return f"gemini:source:{hashlib.sha256(text.encode()).hexdigest()}"


# Not the cache's own asynchronous methods, for the reason that `in_database` gives.


async def get(*key: Any) -> Any:
    return await in_database(cache.get, key_of(*key))


async def put(value: Any, seconds: float, *key: Any) -> None:
    await in_database(cache.set, key_of(*key), value, seconds)


async def remembered(
    fresh_seconds: float, ask: Callable[[], Awaitable[dict[str, Any]]], *key: Any
) -> tuple[dict[str, Any], str]:
    """What `ask` gives, or gave lately; and since when that is known, when it could not be asked for anew.

    Only what came whole is kept: a failure leaves no trace here. Raises the failure when there was no answer before.
    """
    kept, now = await get(*key), timezone.now()
    if kept and (now - kept["at"]).total_seconds() < fresh_seconds:
        return kept["answer"], ""
    try:
        answer = await ask()
    except SourceFailure as failure:
        if kept and failure.state == State.UNAVAILABLE:
            return kept["answer"], timezone.localtime(kept["at"]).isoformat()
        raise
    await put({"at": now, "answer": answer}, KEPT_SECONDS, *key)
    return answer, ""
