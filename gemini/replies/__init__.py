"""The life of a reply. It belongs to the server, not to the connection: nobody who leaves takes it along.

A row and a lease are committed, then a task of the process asks Gemini, keeps the text in memory, and checkpoints it
every second. Viewers come and go. What ends it is Gemini, a stop, a failure, or the end of the process.
"""

import asyncio
import time
from collections.abc import Iterable

from gemini.models import ChatMessage
from gemini.rendering import activity_line
from gemini.replies import branches, store
from gemini.replies.bus import bus
from gemini.replies.elsewhere import listening
from gemini.replies.follow import Event, follow, updates
from gemini.replies.generate import Assignment, insist, write_reply
from gemini.replies.live import LiveReply, Viewer
from gemini.replies.mirror import POLL_SECONDS
from gemini.replies.runtime import runtime
from gemini.replies.store import Ending, Exchange
from gemini.replies.upkeep import drain, ensure_checkpointer, sweeping

__all__ = [
    "Assignment",
    "Event",
    "Exchange",
    "Viewer",
    "abandon_session",
    "branches",
    "drain",
    "draining",
    "fail",
    "follow",
    "freshen",
    "listening",
    "runtime",
    "start",
    "stop",
    "stop_sessions_elsewhere",
    "store",
    "sweeping",
    "updates",
    "wait",
]

# Seconds: enough to be put to sleep.
LET_GO = 0.00002
# Seconds that a stop waits for another process to add the last of the text: a checkpoint, and the time to write.
SETTLED_WITHIN = 2.0
SETTLED_POLL = 0.1


def draining() -> bool:
    return runtime.draining


def start(reply: ChatMessage, assignment: Assignment) -> None:
    """Begins to write a reply whose row is committed; returns at once."""
    live = LiveReply(reply.pk, reply.session_id, runtime.pace, assignment.begins_with)
    # Known before the task runs, so that a viewer or a stop that is quicker than the loop finds it.
    runtime.live[reply.pk] = live

    async def begin() -> None:
        runtime.spawn(write_reply(live, assignment))
        ensure_checkpointer()

    runtime.submit(begin())
    # This thread has a page to draw, and would keep the interpreter from the loop for half a millisecond: without this
    # line the request to Gemini goes out 1.1 ms later, with it 0.5.
    time.sleep(LET_GO)


def fail(reply: ChatMessage, code: str) -> None:
    """Ends a reply that cannot even be asked for; it can be retried."""
    store.finish(reply.pk, runtime.owner, Ending(status=ChatMessage.Status.FAILED, text=reply.content, error_code=code))
    reply.refresh_from_db()


async def stop(message_id: int) -> None:
    """Ends a reply and keeps its text; returns once that is stored. To be called through `runtime`."""
    if live := runtime.live.get(message_id):
        live.cancel(ChatMessage.Status.STOPPED)
        await live.ended.wait()
    else:
        await insist(store.stop_elsewhere, message_id)
        bus.tell("stop", reply=message_id)
        await settled(message_id)


async def settled(message_id: int) -> None:
    """Returns once the process that wrote a stopped reply has stored all of it, or does not seem to be going to."""
    polls = round(SETTLED_WITHIN / SETTLED_POLL)
    while polls and not await runtime.in_database(store.is_settled, message_id):
        polls -= 1
        await asyncio.sleep(SETTLED_POLL)


async def abandon_session(session_id: int) -> None:
    """Stops replies whose session is deleted; their text is kept, should the session come back."""
    for live in runtime.replies_of(session_id):
        live.cancel(ChatMessage.Status.STOPPED)
        await live.ended.wait()


def stop_sessions_elsewhere(session_ids: Iterable[int]) -> None:
    """Stops what other processes write in these sessions."""
    session_ids = list(session_ids)
    store.stop_sessions_elsewhere(session_ids)
    for session_id in session_ids:
        bus.tell("stop", session=session_id)


async def wait(message_id: int) -> None:
    """Returns when nobody writes the reply any more. To be called through `runtime`."""
    if live := runtime.live.get(message_id):
        await live.ended.wait()
    # Another process writes it: there is nothing to be told by but its row.
    while await runtime.in_database(store.is_running, message_id):  # noqa: ASYNC110
        await asyncio.sleep(POLL_SECONDS)


def freshen(message: ChatMessage) -> ChatMessage:
    """Gives a running reply the text that it has now: its row may be a second behind."""
    if message.is_generating and (live := runtime.live.get(message.pk)):
        message.content = live.text
        message.activity = activity_line(live.activity)
    return message
