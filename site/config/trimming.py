"""Memory that the process has freed and glibc has kept goes back to the system when a load is over.

Hundreds of streams leave the heap full of holes: after 3,000 replies 135–150 MiB of a process of 370 were free, and
stayed with it. Fewer arenas (`MALLOC_ARENA_MAX`) changed nothing.
"""

import asyncio
import ctypes
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


async def trim_after_load(every: float = TRIM_EVERY) -> None:
    """For ever: whenever the replies being written have become a quarter of what they were, or fewer."""
    if (trim := trimmer()) is None:
        return
    most = 0
    while True:
        await asyncio.sleep(every)
        now = len(replies.runtime.live)
        most = max(most, now)
        if now * 4 <= most and most:
            most = now
            # Not on the loop: 15 ms after 300 streams. The global lock is free meanwhile.
            await asyncio.to_thread(trim)
