"""What keeps replies safe while they are written: checkpoints, the sweeper, and the drain at the end of a process."""

import asyncio
import contextlib
import logging
import time
from contextvars import Context

from gemini import idempotency, trash, watching
from gemini.models import ChatMessage
from gemini.replies import store
from gemini.replies.runtime import runtime

logger = logging.getLogger(__name__)

# Seconds.
CHECKPOINT_EVERY = 1.0
SWEEP_EVERY = 5.0
FORGET_EVERY = 3600.0
# What replies that are cut off at the drain get for being written down.
LAST_WRITES = 5.0

_checkpointer: "asyncio.Task[None] | None" = None


def ensure_checkpointer() -> None:
    """One for the process, as long as anything is being written: a single commit a second, however many replies."""
    global _checkpointer
    if _checkpointer is None or _checkpointer.done() or _checkpointer.get_loop() is not runtime.loop:
        # It outlives the request that it begins in, whose name in the log is not its own.
        _checkpointer = Context().run(runtime.spawn, checkpoints())


async def checkpoints() -> None:
    while runtime.live:
        await asyncio.sleep(CHECKPOINT_EVERY)
        try:
            await checkpoint()
        except Exception:
            # The text is still in memory, and the next second comes. Whatever it was: without this task the leases of
            # all replies run out.
            logger.exception("No checkpoint")


async def checkpoint() -> None:
    # A copy: threads of the pages add to it meanwhile.
    all_live = tuple(runtime.live.values())
    grown = {live.message_id: live.text for live in all_live if live.length != live.saved_length}
    unchanged = [live.message_id for live in all_live if live.message_id not in grown]
    lost = await runtime.in_database(store.checkpoint, runtime.owner, grown, unchanged)
    for pk, text in grown.items():
        if live := runtime.live.get(pk):
            live.saved_length = len(text)
    for pk in lost:
        await give_up(pk)


async def give_up(message_id: int) -> None:
    """A row that is no longer ours was stopped from another process, swept, or deleted with its session."""
    status = await runtime.in_database(store.status_of, message_id)
    if live := runtime.live.get(message_id):
        live.cancel(status or ChatMessage.Status.STOPPED)


async def sweeping() -> None:
    """For ever: marks the replies of dead processes, ends the streams of ended sign-ins, and purges what is old."""
    forgotten = 0.0
    while True:
        try:
            if swept := await runtime.in_database(store.sweep, tuple(runtime.live)):
                logger.warning("%s abandoned replies marked as interrupted", swept)
            await runtime.in_database(watching.end_gone)
            if time.monotonic() - forgotten > FORGET_EVERY or not forgotten:
                await runtime.in_database(idempotency.forget_old)
                await runtime.in_database(trash.purge_old)
                forgotten = time.monotonic()
        except Exception:
            logger.exception("Not swept")
        await asyncio.sleep(SWEEP_EVERY)


async def drain(seconds: float) -> None:
    """Takes no more work, lets replies end for that long, and marks the rest as interrupted with what they have."""
    runtime.draining = True
    await all_ended(seconds)
    for live in tuple(runtime.live.values()):
        live.cancel(ChatMessage.Status.INTERRUPTED)
    await all_ended(LAST_WRITES)


async def all_ended(seconds: float) -> None:
    """Returns when no reply and no one-shot call is under way, at the latest after so many seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for live in tuple(runtime.live.values()):
                await live.ended.wait()
            if runtime.one_shots:
                await asyncio.wait(runtime.one_shots)
