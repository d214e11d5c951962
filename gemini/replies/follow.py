"""Watching a reply: a snapshot first, then what is new, then the end. Watching neither starts nor keeps anything."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from gemini.models import ChatMessage
from gemini.rendering import BlockRenderer
from gemini.replies.live import LiveReply, Viewer
from gemini.replies.runtime import runtime

HEARTBEAT_SECONDS = 15.0
# How often a reply that another process writes is read from its row.
POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Event:
    """`snapshot` replaces all finished blocks, `block` adds to them, `tail` replaces the open rest, `done` ends.

    `heartbeat` says only that we are here. A viewer holds no queue: one that is slow skips what was replaced meanwhile.
    """

    kind: str
    html: str = ""
    sequence: int = 0


async def follow(message: ChatMessage) -> AsyncGenerator[Event, None]:
    """Events from now to the end of the reply; the last is `done`, after which the row says how it ended."""
    live = runtime.live.get(message.pk)
    # Closed here and not by the garbage collector: a viewer that has left is a viewer no more.
    async with aclosing(follow_live(live) if live else follow_row(message)) as events:
        async for event in events:
            yield event
    yield Event("done")


async def follow_live(live: LiveReply) -> AsyncGenerator[Event, None]:
    viewer = Viewer()
    live.watch(viewer)
    try:
        blocks, tail, sequence = live.rendered()
        sent = len(blocks)
        yield Event("snapshot", "".join(blocks), sequence)
        yield Event("tail", tail, sequence)
        while not live.ended.is_set():
            if not await viewer.wait(HEARTBEAT_SECONDS):
                yield Event("heartbeat")
                continue
            blocks, new_tail, sequence = live.rendered(after=sent)
            if blocks:
                sent += len(blocks)
                yield Event("block", "".join(blocks), sequence)
            if new_tail != tail:
                tail = new_tail
                yield Event("tail", tail, sequence)
    finally:
        live.leave(viewer)


async def follow_row(message: ChatMessage) -> AsyncGenerator[Event, None]:
    """Follows a reply that lives in another process by its checkpoints, until it ends or its lease does."""
    shown: str | None = None
    waited = 0.0
    viewer = Viewer()
    while message.is_generating and not runtime.draining:
        if message.content != shown:
            shown = message.content
            renderer = BlockRenderer()
            renderer.feed(shown)
            renderer.advance()
            yield Event("snapshot", "".join(renderer.blocks), len(shown))
            yield Event("tail", renderer.tail(), len(shown))
        elif waited >= HEARTBEAT_SECONDS:
            waited = 0.0
            yield Event("heartbeat")
        await viewer.wait(POLL_SECONDS)
        waited += POLL_SECONDS
        if not await sync_to_async(reread)(message):
            return


def reread(message: ChatMessage) -> bool:
    """Brings the row's state up to date; False when it is gone. Leaves no connection open for the viewer to hold."""
    from django.db import connection

    try:
        row = ChatMessage.objects.filter(pk=message.pk).values("content", "status", "lease_until").first()
    finally:
        connection.close()
    for name, value in (row or {}).items():
        setattr(message, name, value)
    return row is not None
