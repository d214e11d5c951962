"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from django.http import StreamingHttpResponse

# Milliseconds until a browser that lost the connection asks again.
RECONNECT_AFTER = 500
# Seconds that a viewer may leave an event untaken: behind it a connection is dead, or its reader asleep.
PATIENCE = 30.0

HEARTBEAT = b": hb\n\n"
OPENING = f"retry: {RECONNECT_AFTER}\n\n".encode()


def encode(event: str, data: str, sequence: int = 0) -> bytes:
    # Not splitlines(): it would break at form feeds and drop the last newline.
    lines = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fields = [f"id: {sequence}"] if sequence else []
    fields += [f"event: {event}", *(f"data: {line}" for line in lines)]
    return ("\n".join(fields) + "\n\n").encode()


def response(events: AsyncGenerator[bytes, None]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        patient(events),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-cache, no-transform, no-store", "X-Accel-Buffering": "no"},
    )


async def patient(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes]:
    """Ends the request of a viewer that has stopped reading: servers wait for it without a limit."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    yield OPENING
    async with aclosing(events) as sent:
        async for event in sent:
            impatience = loop.call_later(PATIENCE, task.cancel)
            try:
                yield event
            finally:
                impatience.cancel()
