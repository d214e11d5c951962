"""What would hold up streams is done when no reply is being written: a full round for garbage, and giving memory back.

Hundreds of streams leave the heap full of holes: after 3,000 replies 135–150 MiB of a process of 370 were free, and
glibc kept them. Fewer arenas (`MALLOC_ARENA_MAX`) changed nothing.
"""

import asyncio
import ctypes
import gc
from collections.abc import Callable

from gemini import replies

# Seconds between two looks.
TRIM_EVERY = 20


def trimmer() -> Callable[[], object] | None:
    """glibc's `malloc_trim`; None where the C library is another and keeps nothing in this way."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return lambda: trim(0)


async def trim_when_idle(every: float = TRIM_EVERY) -> None:
    """For ever: once whenever no reply is being written any more.

    Not earlier: whoever allocates in the part that is being trimmed waits, and a stream would stand still.
    """
    trim = trimmer()
    has_written = False
    while True:
        await asyncio.sleep(every)
        if replies.runtime.live:
            has_written = True
        elif has_written:
            has_written = False
            await asyncio.to_thread(gc.collect)
            if trim:
                await asyncio.to_thread(trim)
