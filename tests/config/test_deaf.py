"""Whoever is connected and never reads is disconnected by the kernel, on the loop that uvicorn runs on."""

import asyncio
import socket
import time

import uvloop

from config import server

# More than the buffers of both ends ever hold.
BYTES = 20_000_000


class Sender(asyncio.Protocol):
    """Sends what nobody takes, and closes, as uvicorn does for a request that has been ended."""

    lost: "asyncio.Future[Exception | None]"

    def connection_made(self, transport):
        transport.write(b"x" * BYTES)
        transport.close()

    def connection_lost(self, error):
        if not self.lost.done():
            self.lost.set_result(error)


async def seconds_until_lost() -> float:
    loop = asyncio.get_running_loop()
    Sender.lost = loop.create_future()
    listening = await loop.create_server(Sender, "127.0.0.1", 0)
    server.give_up_on_the_deaf(listening.sockets[0].fileno())
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.connect(listening.sockets[0].getsockname())
        began = time.monotonic()
        error = await asyncio.wait_for(Sender.lost, 20)
        assert isinstance(error, TimeoutError)
    listening.close()
    return time.monotonic() - began


def test_a_peer_that_takes_no_bytes_is_closed_by_the_kernel(monkeypatch):
    monkeypatch.setattr(server, "DEAF_AFTER", 1)
    assert 0.5 < uvloop.run(seconds_until_lost()) < 10
