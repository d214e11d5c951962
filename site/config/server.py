"""The server: uvicorn, one process, that drains. `python -m config.server`.

uvicorn runs the lifespan's shutdown only after its connections have closed, with its port already shut: a stream that
goes on would hold it, and a reply whose viewer is gone would die unnoticed. So the drain begins with the signal, while
the socket is open.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

import uvicorn

logger = logging.getLogger(__name__)

# Seconds after which a thread that computes lets another. With Python's own 0.005 the loop, which has a request to send
# to Gemini, waits that long for each page that is being drawn: 20 readers at once had their first words after 47 ms and
# 230 at the worst instead of 33 and 130, for the same processor time.
SWITCH_EVERY = 0.0005
# Seconds that connections get to close once every reply has ended.
CLOSING = 5
# Seconds; as long as a viewer of a stream may leave an event untaken (`gemini.web.sse`).
DEAF_AFTER = 30


class DrainingServer(uvicorn.Server):
    """On the first signal replies get `drain_seconds` to end, then the server exits; on the second it exits at once."""

    def __init__(self, config: uvicorn.Config, drain_seconds: float) -> None:
        super().__init__(config)
        self.drain_seconds = drain_seconds
        self._draining: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        for listening in self.servers:
            for listener in listening.sockets:
                give_up_on_the_deaf(listener.fileno())

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is None or self._draining is not None:
            self.force_exit = True
            super().handle_exit(sig, frame)
            return
        # A signal handler interrupts whatever runs: the loop does the rest.
        self._draining = self._loop.create_task(self.drain(sig, frame))
        self._loop.call_soon_threadsafe(lambda: None)

    async def drain(self, sig: int, frame: FrameType | None) -> None:
        from gemini import replies

        logger.info("%s: draining for up to %s s", signal.Signals(sig).name, self.drain_seconds)
        try:
            await replies.drain(self.drain_seconds)
        finally:
            super().handle_exit(sig, frame)


def give_up_on_the_deaf(fileno: int) -> None:
    """Whoever is accepted here and takes no bytes for `DEAF_AFTER` seconds is disconnected by the kernel.

    Nobody else would: asyncio closes a connection when what it holds for it has been sent, and a peer that is there but
    never reads takes none of it, for ever (https://www.man7.org/linux/man-pages/man7/tcp.7.html, TCP_USER_TIMEOUT).
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Accepted sockets inherit it. A copy of the descriptor, because uvloop's own sockets take no options.
        with socket.socket(fileno=os.dup(fileno)) as listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * DEAF_AFTER)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    options: dict[str, Any] = {
        "app": "config.asgi:application",
        "host": settings.HOST,
        "port": settings.PORT,
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        # `config.asgi` does that: uvicorn would not tell afterwards who the peer was.
        "proxy_headers": False,
        "timeout_graceful_shutdown": CLOSING,
    }
    if settings.DEBUG:
        uvicorn.run(
            **options, reload=True, reload_dirs=[str(settings.ROOT / d) for d in ("site", "gemini", "templates")]
        )
        return
    sys.setswitchinterval(SWITCH_EVERY)
    # What is loaded at the start stays, and rounds over it are a fifth of the start: `config.asgi` lets them begin.
    gc.disable()
    server = DrainingServer(uvicorn.Config(**options), settings.DRAIN_SECONDS)
    server.run()
    sys.exit(0 if server.started else 1)


if __name__ == "__main__":
    main()
