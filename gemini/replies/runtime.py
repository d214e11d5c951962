"""Where replies run: one event loop for the process, its own or the server's, whoever the caller is.

A view in a server, Django's test client and a management command all start replies the same way. The server lends its
loop (`adopt`); without one a thread with a loop of its own is started on first use. The measurements behind that:
`docs/decisions/0002-replies-run-on-the-servers-loop.md`.
"""

import asyncio
import contextlib
import logging
import secrets
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

from gemini.replies.live import LiveReply, Pace

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Runtime:
    def __init__(self) -> None:
        # Names this process in leases.
        self.owner = secrets.token_hex(16)
        self.live: dict[int, LiveReply] = {}
        self.pace = Pace()
        # Calls that belong to no conversation, which somebody waits for all the same.
        self.one_shots: set[asyncio.Task[Any]] = set()
        self.draining = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._database: ThreadPoolExecutor | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lock = threading.Lock()

    def adopt(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="gemini-replies", daemon=True)
                self._thread.start()
            return self._loop

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for work on the loop, from a thread; on the loop itself that would wait for ever."""
        with contextlib.suppress(RuntimeError):
            if asyncio.get_running_loop() is self.loop:
                work.close()
                raise AssertionError("Use the asynchronous twin on an event loop.")
        return self.submit(work).result()

    async def acall(self, work: Coroutine[Any, Any, T]) -> T:
        if asyncio.get_running_loop() is self.loop:
            return await work
        return await asyncio.wrap_future(self.submit(work))

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """A task that the process owns; to be called on the loop, which itself keeps only weak references."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def in_database(self, work: Callable[..., T], *args: Any) -> T:
        """Runs synchronous database work in the one thread, with the one connection, that replies have for it."""
        if self._database is None:
            self._database = ThreadPoolExecutor(1, thread_name_prefix="gemini-replies-database")
        return await asyncio.get_running_loop().run_in_executor(self._database, _with_fresh_connection, work, args)

    def replies_of(self, session_id: int) -> Iterable[LiveReply]:
        return [live for live in tuple(self.live.values()) if live.session_id == session_id]

    async def aclose(self) -> None:
        """Ends what the process still does, and the database connection."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._database:
            await asyncio.get_running_loop().run_in_executor(self._database, connections.close_all)
            self._database.shutdown()
            self._database = None

    def shutdown(self) -> None:
        """Ends everything, the thread included, as the end of the process would: for tests."""
        if self._thread and self._loop:
            self.call(self.aclose())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
        self._loop = self._thread = None
        self.live.clear()
        self.draining = False


def _with_fresh_connection(work: Callable[..., T], args: tuple[Any, ...]) -> T:
    # Outside a request nobody else drops a connection that the server has closed. One that works is kept, whatever
    # CONN_MAX_AGE says: a new one for each ending and checkpoint takes longer than what it is for.
    for connection in connections.all(initialized_only=True):
        connection.close_at = None
        connection.close_if_unusable_or_obsolete()
    return work(*args)


runtime = Runtime()
