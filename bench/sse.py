"""A client of raw sockets: what it costs itself must not be what is measured."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

CSRF = "c" * 32
# An event that brings text.
WORDS = re.compile(rb"event: (?:tail|block)\ndata: \S")
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
MESSAGE_ID = re.compile(rb'id="message-(\d+)"')


@dataclass(slots=True)
class Stream:
    """One answer as its reader saw it; times are `time.perf_counter()`."""

    asked: float
    first: float = 0.0
    ended: float = 0.0
    arrivals: list[float] = field(default_factory=list)
    complete: bool = False

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.arrivals, self.arrivals[1:], strict=False)]


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def request(connection: Connection, head: str, body: bytes = b"") -> bytes:
    """The body of the answer to one request; the connection stays, as a browser's does."""
    reader, writer = connection
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    headers = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(headers)
    return await reader.readexactly(int(length[1])) if length else b""


async def follow(connection: Connection, head: str, stream: Stream, body: bytes = b"") -> Stream:
    """Reads events to the end: the moment of each that carries text, and whether the last was `done`."""
    reader, writer = connection
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    pending = b""
    while data := await reader.read(65536):
        now = time.perf_counter()
        pending += data
        *events, pending = pending.split(b"\n\n")
        for event in events:
            if b"event: done" in event:
                stream.complete = True
            elif WORDS.search(event):
                stream.arrivals.append(now)
        if stream.complete:
            break
    writer.close()
    stream.ended = time.perf_counter()
    stream.first = stream.arrivals[0] if stream.arrivals else stream.ended
    return stream


class RelayClient:
    def __init__(self, host: tuple[str, int]) -> None:
        self.host = host

    async def ask(self, prompt: str, number: int) -> Stream:
        stream = Stream(time.perf_counter())
        connection = await asyncio.open_connection(*self.host)
        return await follow(connection, f"POST / HTTP/1.1\r\nHost: {self.host[0]}\r\n", stream, prompt.encode())


class ChatClient:
    """A person at our pages: posts the form of a chat as htmx does, then follows the stream that the answer names."""

    def __init__(self, host: tuple[str, int], session_key: str, chats: list[int]) -> None:
        self.host = host
        self.chats = chats
        self.headers = (
            f"Host: {host[0]}:{host[1]}\r\nCookie: sessionid={session_key}; csrftoken={CSRF}\r\n"
            f"X-CSRFToken: {CSRF}\r\nHX-Request: true\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        )

    async def ask(self, prompt: str, number: int) -> Stream:
        """In the chat of this number, which no other may use meanwhile."""
        stream = Stream(time.perf_counter())
        chat = self.chats[number % len(self.chats)]
        head = f"POST /gemini/chat/{chat}/messages/ HTTP/1.1\r\n{self.headers}"
        connection = await asyncio.open_connection(*self.host)
        answer = await request(connection, head, urlencode({"content": prompt}).encode())
        found = MESSAGE_ID.findall(answer)
        if not found:
            connection[1].close()
            stream.ended = stream.first = time.perf_counter()
            return stream
        head = f"GET /gemini/messages/{found[-1].decode()}/stream/ HTTP/1.1\r\n{self.headers}"
        return await follow(connection, head, stream)
