"""What of a user's is exported, a little at a time: never all of it in memory, never a query left open.

Whoever downloads slowly would otherwise hold a snapshot of the database, which then could not tidy up behind writers.
"""

from collections.abc import Iterator
from typing import Any

from gemini.models import ChatMessage, ChatSession

SESSIONS_AT_ONCE = 100
MESSAGES_AT_ONCE = 200


def sessions_of(user: Any) -> Iterator[ChatSession]:
    """The oldest first, so that what comes while the file is written is at its end."""
    yield from in_batches(ChatSession.objects.for_user(user), SESSIONS_AT_ONCE)


def messages_of(session: ChatSession) -> Iterator[ChatMessage]:
    """All there are, branches that are not shown and messages in the trash too; parents come before their children."""
    yield from in_batches(session.messages.all(), MESSAGES_AT_ONCE)


def shown_messages_of(session: ChatSession) -> Iterator[ChatMessage]:
    yield from in_batches(session.messages.shown(), MESSAGES_AT_ONCE)


def in_batches(rows: Any, size: int) -> Iterator[Any]:
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:size]):
        yield from batch
        last = batch[-1].pk
