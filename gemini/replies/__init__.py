"""The life of a reply. It belongs to the server, not to the connection: nobody who leaves takes it along.

A row and a lease are committed, then a task of the process asks Gemini, keeps the text in memory, and checkpoints it
every second. Viewers come and go. What ends it is Gemini, a stop, a failure, or the end of the process.
"""

from gemini.models import ChatMessage
from gemini.replies import store
from gemini.replies.follow import Event, follow
from gemini.replies.generate import Assignment, insist, write_reply
from gemini.replies.live import LiveReply
from gemini.replies.runtime import runtime
from gemini.replies.store import Ending, Exchange
from gemini.replies.upkeep import drain, ensure_checkpointer, sweeping

__all__ = [
    "Assignment",
    "Event",
    "Exchange",
    "abandon_session",
    "drain",
    "draining",
    "fail",
    "follow",
    "freshen",
    "runtime",
    "start",
    "stop",
    "store",
    "sweeping",
    "wait",
]


def draining() -> bool:
    return runtime.draining


def start(reply: ChatMessage, assignment: Assignment) -> None:
    """Begins to write a reply whose row is committed; returns at once."""
    live = LiveReply(reply.pk, reply.session_id, runtime.pace)
    # Known before the task runs, so that a viewer or a stop that is quicker than the loop finds it.
    runtime.live[reply.pk] = live

    async def begin() -> None:
        runtime.spawn(write_reply(live, assignment))
        ensure_checkpointer()

    runtime.submit(begin())


def fail(reply: ChatMessage, code: str) -> None:
    """Ends a reply that cannot even be asked for; it can be retried."""
    store.finish(reply.pk, runtime.owner, Ending(status=ChatMessage.Status.FAILED, text="", error_code=code))
    reply.refresh_from_db()


async def stop(message_id: int) -> None:
    """Ends a reply and keeps its text; returns once that is stored. To be called through `runtime`."""
    if live := runtime.live.get(message_id):
        live.cancel(ChatMessage.Status.STOPPED)
        await live.ended.wait()
    else:
        await insist(store.stop_elsewhere, message_id)


async def abandon_session(session_id: int) -> None:
    """Stops asking for replies whose session is gone."""
    for live in runtime.replies_of(session_id):
        live.cancel(ChatMessage.Status.STOPPED)
        await live.ended.wait()


async def wait(message_id: int) -> None:
    """Returns when this process no longer writes the reply."""
    if live := runtime.live.get(message_id):
        await live.ended.wait()


def freshen(message: ChatMessage) -> ChatMessage:
    """Gives a running reply the text that it has now: its row may be a second behind."""
    if message.is_generating and (live := runtime.live.get(message.pk)):
        message.content = live.text
    return message
