"""Watching a reply: a snapshot first, then what is new, then the end. Watching neither starts nor keeps anything."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from gemini.models import ChatMessage
from gemini.replies import mirror as mirrors
from gemini.replies.live import LiveReply, Viewer
from gemini.replies.runtime import runtime

HEARTBEAT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    """`snapshot` replaces all finished blocks, `block` adds to them, `tail` replaces the open rest, `done` ends.

    `heartbeat` says only that we are here. A viewer holds no queue: one that is slow skips what was replaced meanwhile.
    """

    kind: str
    html: str = ""
    sequence: int = 0


async def follow(message: ChatMessage, viewer: Viewer | None = None) -> AsyncGenerator[Event, None]:
    """Events from now to the end of the reply; the last is `done`, after which the row says how it ended.

    A viewer that is dismissed gets `done` at once.
    """
    viewer = viewer or Viewer()
    live = runtime.live.get(message.pk)
    events = follow_live(live, viewer) if live else follow_elsewhere(message, viewer)
    # Closed here and not by the garbage collector: a viewer that has left is a viewer no more.
    async with aclosing(events):
        async for event in events:
            yield event
    yield Event("done")


async def follow_live(live: LiveReply, viewer: Viewer) -> AsyncGenerator[Event, None]:
    live.watch(viewer)
    try:
        blocks, tail, sequence = live.rendered()
        sent = len(blocks)
        yield Event("snapshot", "".join(blocks), sequence)
        yield Event("tail", tail, sequence)
        while not (live.ended.is_set() or viewer.is_dismissed):
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


async def follow_elsewhere(message: ChatMessage, viewer: Viewer) -> AsyncGenerator[Event, None]:
    """Follows a reply that another process writes, until it ends or its lease does."""
    if not message.is_generating:
        return
    mirror = await runtime.acall(mirrors.join(message))
    try:
        async with aclosing(follow_live(mirror.live, viewer)) as events:
            async for event in events:
                yield event
    finally:
        runtime.loop.call_soon_threadsafe(mirrors.leave, mirror)
