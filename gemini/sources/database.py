"""Database work of sources, which run on the loop of the replies: in threads, on connections closed right after."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")

# Not Django's `sync_to_async`: its thread ends with the request that a reply was begun by, and the reply goes on.
# Two, so that sums over a large table hold up neither checkpoints nor each other for long.
_threads = ThreadPoolExecutor(2, thread_name_prefix="gemini-sources")


async def in_database(work: Callable[..., T], *args: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, _on_own_connection, work, args)


def _on_own_connection(work: Callable[..., T], args: tuple[Any, ...]) -> T:
    try:
        return work(*args)
    finally:
        connections.close_all()
