"""Watching a reply: a snapshot first, then what is new, then the end. Watching neither starts nor keeps anything."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import NamedTuple

from gemini.models import ChatMessage
from gemini.replies import mirror as mirrors
from gemini.replies.live import LiveReply, Viewer
from gemini.replies.runtime import runtime

HEARTBEAT_SECONDS = 15.0


class Event(NamedTuple):
    """`snapshot` replaces all finished blocks, `block` adds to them, `tail` replaces the open rest, `done` ends.

    `heartbeat` says only that we are here. A viewer holds no queue: one that is slow skips what was replaced meanwhile.
    """

    kind: str
    html: str = ""
    sequence: int = 0


# What has happened since the last time; `heartbeat` and `done` come alone.
Update = list[Event]


async def follow(message: ChatMessage, viewer: Viewer | None = None) -> AsyncGenerator[Event, None]:
    """Events from now to the end of the reply; the last is `done`, after which the row says how it ended.

    A viewer that is dismissed gets `done` at once.
    """
    async with aclosing(updates(message, viewer or Viewer())) as found:
        async for update in found:
            for event in update:
                yield event


def updates(message: ChatMessage, viewer: Viewer) -> AsyncGenerator[Update, None]:
    """What `follow` gives, all at once that is there at once: to send each event by itself takes 25 us of the kernel.

    To be closed by whoever stops early: a viewer that has left is a viewer no more.
    """
    live = runtime.live.get(message.pk)
    return updates_of(live, viewer) if live else updates_from_elsewhere(message, viewer)


async def updates_of(live: LiveReply, viewer: Viewer) -> AsyncGenerator[Update, None]:
    live.watch(viewer)
    try:
        blocks, tail, sequence = live.rendered()
        sent = len(blocks)
        yield [Event("snapshot", "".join(blocks), sequence), Event("tail", tail, sequence)]
        while not (live.ended.is_set() or viewer.is_dismissed):
            if not await viewer.wait(HEARTBEAT_SECONDS):
                yield [Event("heartbeat")]
                continue
            blocks, new_tail, sequence = live.rendered(after=sent)
            update = []
            if blocks:
                sent += len(blocks)
                update.append(Event("block", "".join(blocks), sequence))
            if new_tail != tail:
                tail = new_tail
                update.append(Event("tail", tail, sequence))
            if update:
                yield update
    finally:
        live.leave(viewer)
    yield [Event("done")]


async def updates_from_elsewhere(message: ChatMessage, viewer: Viewer) -> AsyncGenerator[Update, None]:
    """Follows a reply that another process writes, until it ends or its lease does."""
    if not message.is_generating:
        yield [Event("done")]
        return
    mirror = await runtime.acall(mirrors.join(message))
    try:
        async with aclosing(updates_of(mirror.live, viewer)) as found:
            async for update in found:
                yield update
    finally:
        runtime.loop.call_soon_threadsafe(mirrors.leave, mirror)
