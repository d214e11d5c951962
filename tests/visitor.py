"""A person without a browser: signs in by cookie, sends, follows a stream as a browser's EventSource does."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

import httpx

from tests.processes import Server

CSRF = "c" * 32


@dataclass
class Event:
    name: str
    data: str
    at: float


@dataclass
class Screen:
    """What a page shows of a reply after the events so far, by the rules of `_message.html`."""

    blocks: str = ""
    tail: str = ""
    done: str | None = None
    events: list[Event] = field(default_factory=list)

    def apply(self, event: Event) -> None:
        self.events.append(event)
        match event.name:
            case "snapshot":
                self.blocks, self.tail = event.data, ""
            case "block":
                self.blocks += event.data
            case "tail":
                self.tail = event.data
            case "done":
                self.done = event.data

    @property
    def text(self) -> str:
        return text_of(self.blocks + self.tail)


class TextParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def text_of(html: str) -> str:
    """The words of some HTML, one space between them."""
    parser = TextParser()
    parser.feed(html)
    return " ".join(parser.text.split())


class Visitor:
    def __init__(self, server: Server, session_key: str) -> None:
        self.server = server
        self.http = httpx.AsyncClient(
            base_url=server.url,
            cookies={"sessionid": session_key, "csrftoken": CSRF},
            headers={"X-CSRFToken": CSRF, "HX-Request": "true"},
            timeout=httpx.Timeout(30),
            limits=httpx.Limits(max_connections=None),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def post(self, path: str, **data: str) -> httpx.Response:
        return await self.http.post(f"/gemini/{path}", data=data)

    async def page(self, path: str) -> str:
        return (await self.http.get(f"/gemini/{path}", headers={"HX-Request": ""})).text

    async def begin(self, text: str) -> tuple[int, int]:
        """Sends the first message of a new chat; the ids of the session and of the reply."""
        response = await self.post("chat/", content=text)
        assert response.status_code == 200, response.text
        session = int(response.headers["HX-Redirect"].strip("/").rpartition("/")[2])
        return session, self.last_reply(session)

    async def send(self, session: int, text: str) -> int:
        response = await self.post(f"chat/{session}/messages/", content=text)
        assert response.status_code == 200, response.text
        return int(re.findall(r'id="message-(\d+)"', response.text)[-1])

    def last_reply(self, session: int) -> int:
        query = "SELECT max(id) AS id FROM gemini_chatmessage WHERE session_id = ? AND role = 'assistant'"
        return self.server.rows(query, session)[0]["id"]

    async def follow(self, message: int) -> AsyncIterator[Event]:
        """The events of one connection, until the server ends it."""
        async with self.http.stream("GET", f"/gemini/messages/{message}/stream/") as response:
            assert response.status_code == 200
            name, data = "", []
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    data.append(line.removeprefix("data: "))
                elif not line and name:
                    yield Event(name, "\n".join(data), time.monotonic())
                    name, data = "", []

    async def watch(self, message: int, screen: Screen | None = None) -> Screen:
        """Follows to the end of the connection; what was seen is left in `screen` also when it breaks."""
        screen = screen or Screen()
        async for event in self.follow(message):
            screen.apply(event)
        return screen

    async def until(self, message: int, *statuses: str, seconds: float = 20) -> dict[str, object]:
        """The row once it has one of these statuses."""
        deadline = time.monotonic() + seconds
        while (row := self.server.message(message))["status"] not in statuses:
            assert time.monotonic() < deadline, f"still {row['status']}"
            await asyncio.sleep(0.05)
        return row
