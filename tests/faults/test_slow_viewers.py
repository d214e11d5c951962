"""A viewer behind a bad line, whose address changes."""

import asyncio
import socket

import httpx

from tests.visitor import CSRF, Screen, Visitor


def deaf_viewer(server, session_key: str, reply: int) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    line.connect(("127.0.0.1", server.port))
    cookies = f"sessionid={session_key}; csrftoken={CSRF}"
    head = (
        f"GET /gemini/messages/{reply}/stream/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookies}\r\n\r\n"
    )
    line.sendall(head.encode())
    return line


async def test_whoever_comes_back_from_another_network_sees_all_of_it(server, alice):
    """The old line is not closed, it is just dead: nobody reads it and nobody says so."""
    _, reply = await alice.begin("[[words 400]] [[pace 0.02]]")
    key = alice.http.cookies["sessionid"]
    dead = [deaf_viewer(server, key, reply)]
    await asyncio.sleep(1)
    async with Visitor(server, key) as elsewhere:
        elsewhere.http._transport = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
        screen = await elsewhere.watch(reply, Screen())
    stored = server.message(reply)["content"].split()
    assert stored[-1] == "слово400"
    assert "слово400" in screen.done
    shown = screen.text.split()
    assert shown == stored[: len(shown)]
    for line in dead:
        line.close()
