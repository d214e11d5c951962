"""What the emulators of plain HTTP services share: a server on the running loop, routes, a log, failures on demand.

`POST /__emulator__/` with `{"fail": "down", "times": 2}` makes the next two requests fail so (`times` 0: until told
otherwise, `fail` "": no more); other keys are settings of the emulator. `GET` answers with the log, `DELETE` forgets
both. The kinds of failure are those of `FAILURES`, and what an emulator adds.
"""

import asyncio
import contextlib
import hashlib
import json
import socket
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn

CONTROL = "/__emulator__/"
LOG_LENGTH = 1_000
FOR_EVER = 3_600.0
MAINTENANCE = b"<!DOCTYPE html><html><body><h1>Service maintenance</h1></body></html>"


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str] = field(repr=False)
    # The fields of a form that was posted.
    posted: list[tuple[str, str]] = field(default_factory=list, repr=False)

    def get(self, name: str, default: str = "") -> str:
        """A parameter's last value, whatever the case of its name."""
        return next((value for key, value in reversed(self.query) if key.lower() == name.lower()), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]

    @property
    def form(self) -> dict[str, str]:
        return dict(self.posted)

    def form_all(self, name: str) -> list[str]:
        return [value for key, value in self.posted if key == name]


@dataclass(slots=True)
class Reply:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else dumps(self.body).encode()


class Slow(Exception):
    """To be answered never."""


class Down(Exception):
    """To be answered by a closed connection."""


def dumps(body: Any) -> str:
    """JSON in which a Decimal keeps its zeros: 2.0700."""
    text = json.dumps(body, ensure_ascii=False, default=lambda value: f"\x00{value}\x00")
    return text.replace('"\\u0000', "").replace('\\u0000"', "")


def failed(kind: str, reply: Reply) -> Reply:
    """What has become of a reply. Raises `Slow` and `Down`."""
    match kind:
        case "slow":
            raise Slow
        case "down":
            raise Down
        case "html":
            return Reply(MAINTENANCE, 200, content_type="text/html; charset=utf-8")
        case "malformed":
            return Reply(reply.encoded()[: len(reply.encoded()) // 2], 200)
        case "nonsense":
            return Reply({"unexpected": [None]}, 200)
        case "empty":
            return Reply([], 200)
        case "huge":
            return Reply(b"[" + b" " * (3 * 1024 * 1024) + b"]", 200)
        case "500" | "502" | "503":
            return Reply(b"<html><body>Bad Gateway</body></html>", int(kind), content_type="text/html")
    raise ValueError(kind)


def listen(host: str, port: int) -> socket.socket:
    """A socket whose connections send what they have at once.

    asyncio sees to that only for sockets that name their protocol, which this one does not; a stream's first event
    waited 40 ms behind its own headers (Nagle's algorithm and delayed acknowledgement).
    """
    listener = socket.create_server((host, port))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class HttpEmulator:
    """Subclasses answer requests (`answer`), and may add settings and kinds of failure."""

    def __init__(self) -> None:
        self.address = ""
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)
        self.failure, self.times = "", 0
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def failed(self, kind: str, reply: Reply) -> Reply:
        return failed(kind, reply)

    def configure(self, settings: dict[str, Any]) -> None:
        """Settings of the emulator's own, from its control address."""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Port 0 takes a free one."""
        listener = listen(host, port)
        config = uvicorn.Config(self, lifespan="off", log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        # Signals are for the one who runs us.
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        self.address = f"http://{host}:{listener.getsockname()[1]}"
        return self

    async def stop(self) -> None:
        if self._server and self._serving:
            self._server.should_exit = self._server.force_exit = True
            await self._serving

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        body = await body_of(receive)
        is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        posted = parse_qsl(body.decode(), keep_blank_values=True) if is_form else []
        request = Request(scope["method"], scope["path"], query, headers, posted)
        if request.path == CONTROL:
            await respond(send, self._control(request, body))
            return
        entry = asdict(request) | {"outcome": "running"}
        self.log.append(entry)
        try:
            reply = with_etag(request, self._replied(request))
            entry["outcome"] = str(reply.status)
            await respond(send, reply)
        except Slow:
            entry["outcome"] = "slow"
            # Until the one who waits has had enough.
            while (await receive())["type"] != "http.disconnect":
                pass
            entry["outcome"] = "left"
        except Down:
            entry["outcome"] = "down"
            # No answer at all: the server closes the connection of an application that ends without one.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})

    def _replied(self, request: Request) -> Reply:
        reply = self.answer(request)
        if not self.failure:
            return reply
        kind = self.failure
        if self.times:
            self.times -= 1
            if not self.times:
                self.failure = ""
        return self.failed(kind, reply)

    def _control(self, request: Request, body: bytes) -> Reply:
        if request.method == "DELETE":
            self.log.clear()
            self.failure, self.times = "", 0
            self.configure({})
        elif request.method == "POST":
            settings = json.loads(body)
            self.failure, self.times = settings.pop("fail", ""), settings.pop("times", 0)
            self.configure(settings)
        return Reply(list(self.log))


def with_etag(request: Request, reply: Reply) -> Reply:
    if reply.status != 200 or "ETag" not in reply.headers:
        return reply
    reply.headers["ETag"] = f'"{hashlib.sha1(reply.encoded(), usedforsecurity=False).hexdigest()}"'
    if request.headers.get("if-none-match") == reply.headers["ETag"]:
        return Reply(b"", 304, reply.headers)
    return reply


async def body_of(receive: Any) -> bytes:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            return body


async def respond(send: Any, reply: Reply) -> None:
    headers = [(b"content-type", reply.content_type.encode())] if reply.status != 304 else []
    headers += [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.encoded()})
