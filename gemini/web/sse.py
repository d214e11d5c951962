"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from django.http import StreamingHttpResponse

# Milliseconds until a browser that lost the connection asks again.
RECONNECT_AFTER = 500
# Seconds that a viewer may leave an event untaken: behind it a connection is dead, or its reader asleep.
PATIENCE = 30.0

HEARTBEAT = b": hb\n\n"
OPENING = f"retry: {RECONNECT_AFTER}\n\n".encode()


def encode(event: str, data: str, sequence: int = 0) -> bytes:
    if "\r" in data:
        data = data.replace("\r\n", "\n").replace("\r", "\n")
    number = f"id: {sequence}\n" if sequence else ""
    # Not splitlines(): it would break at form feeds and drop the last newline.
    lines = data.replace("\n", "\ndata: ")
    return f"{number}event: {event}\ndata: {lines}\n\n".encode()


def response(events: AsyncGenerator[bytes, None]) -> StreamingHttpResponse:
    return EventStream(
        patient(events),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-cache, no-transform, no-store", "X-Accel-Buffering": "no"},
    )


class EventStream(StreamingHttpResponse):
    """Hands its events out as they are: Django passes each through two generators that only look whether it is bytes.

    A middleware that wrapped `streaming_content` would not be asked.
    """

    def __init__(self, events: AsyncGenerator[bytes], **more: Any) -> None:
        super().__init__(events, **more)
        self.events = events

    def __aiter__(self) -> AsyncGenerator[bytes]:
        return self.events


async def patient(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes]:
    """Ends the request of a viewer that has stopped reading: servers wait for it without a limit."""
    patience = Patience()
    opening = OPENING
    try:
        async with aclosing(events) as sent:
            async for event in sent:
                patience.begin()
                yield opening + event
                patience.end()
                opening = b""
    finally:
        patience.stop()


class Patience:
    """Cancels the task that waits too long for an event to be taken.

    It looks now and then: a timer for each event would cost as much as sending it.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._waiting_since: float | None = None
        self._look_again()

    def begin(self) -> None:
        self._waiting_since = self._loop.time()

    def end(self) -> None:
        self._waiting_since = None

    def stop(self) -> None:
        self._timer.cancel()

    def _look_again(self) -> None:
        self._timer = self._loop.call_later(PATIENCE / 10, self._look)

    def _look(self) -> None:
        if self._waiting_since is None or self._loop.time() - self._waiting_since < PATIENCE:
            self._look_again()
        elif self._task:
            self._task.cancel()
