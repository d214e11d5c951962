"""What is too large or too slow to be taken, and that nothing of it is kept."""

import asyncio
import socket
import time

import pytest

from config import bodies
from gemini import transfer
from gemini.exceptions import InvalidImport
from gemini.http import MAX_BODY
from tests.gemini.rest.conftest import Caller
from tests.processes import wait_until

MIB = 1024 * 1024


@pytest.mark.django_db
def test_a_file_of_chats_that_is_too_large_is_refused_before_it_is_read(alice):
    with pytest.raises(InvalidImport) as refused:
        transfer.take_in(alice, b" " * (transfer.MAX_BYTES + 1))
    assert refused.value.code == "import_too_large"


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused_by_both_apis(alice):
    owner, text = Caller(alice), "x" * (MAX_BODY + 1)
    for path, body in (("chat-sessions/", {"title": text}), ("/gemini/test-api-key/", {"api_key": text})):
        answer = owner.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), path


def test_the_largest_import_fits_through():
    assert transfer.MAX_BYTES < bodies.MOST <= transfer.MAX_BYTES * 1.1


def talk(server, *parts, timeout=20):
    """What a server says to raw bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            # It has hung up on us, which is what it should do; what it said before is still there to read.
            pass
        said = b""
        try:
            while more := connection.recv(65536):
                said += more
        except (ConnectionResetError, TimeoutError):
            pass
        return said


def head(server, path, *lines):
    host = f"Host: 127.0.0.1:{server.port}"
    return "\r\n".join([f"POST {path} HTTP/1.1", host, "Content-Type: application/json", *lines, "", ""]).encode()


def test_what_announces_too_much_is_refused_before_it_comes(plain_server):
    said = talk(plain_server, head(plain_server, "/accounts/login/", f"Content-Length: {bodies.MOST + 1}")).decode()
    assert said.startswith("HTTP/1.1 413")
    assert "nosniff" in said
    assert "Слишком большой запрос" in said
    said = talk(plain_server, head(plain_server, "/gemini/send-message/", "Content-Length: 99999999999")).decode()
    assert '"success": false' in said
    assert '"code": "too_large"' in said


def test_what_announces_nothing_is_refused_once_it_is_too_much(plain_server):
    chunk = f"{MIB:x}\r\n".encode() + b"x" * MIB + b"\r\n"
    began = head(plain_server, "/api/v1/accounts/session/", "Transfer-Encoding: chunked")
    said = talk(plain_server, began, *[chunk] * (bodies.MOST // MIB + 2)).decode()
    assert said.startswith("HTTP/1.1 413")
    assert "Traceback" not in plain_server.log()


async def test_a_body_that_trickles_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(bodies, "LONGEST", 0.2)
    sent = []

    async def application(scope, receive, send):
        while (await receive())["type"] != "http.disconnect":
            pass

    async def receive():
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/api/v1/accounts/session/", "headers": []}
    began = time.monotonic()
    await bodies.Bodies(application)(scope, receive, send)
    assert time.monotonic() - began < 5
    assert sent[0]["status"] == 408
    assert b"too_slow" in sent[1]["body"]


def test_slow_senders_keep_nobody_from_the_pages(plain_server):
    """They wait on the loop: a thread is taken once all of a body is here."""
    slow = []
    try:
        for _ in range(50):
            connection = socket.create_connection(("127.0.0.1", plain_server.port))
            connection.sendall(head(plain_server, "/accounts/login/", "Content-Length: 1000") + b"x")
            slow.append(connection)
        wait_until(lambda: plain_server.readiness() == 200, 5)
        page = b"GET /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        assert talk(plain_server, page).startswith(b"HTTP/1.1 200")
    finally:
        for connection in slow:
            connection.close()
