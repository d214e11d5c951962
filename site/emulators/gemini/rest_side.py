"""The model over REST, as an ASGI application: `/v1beta/models…` and `/v1/models…`, and the log for tests."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs

from emulators.gemini import model as models
from emulators.gemini.answers import count_tokens
from emulators.gemini.failures import Refusal

PATH = re.compile(r"/v1(?:beta)?/models(?:/(?P<model>[^/:]+))?(?::(?P<method>\w+))?")
LOG_PATH = "/__emulator__/log"

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Cut(Exception):
    """The connection is to break before a word of the answer."""


class RestSide:
    def __init__(self, model: models.Model) -> None:
        self.model = model

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await read_body(receive)
        scope["arrived"] = asyncio.get_running_loop().time()
        answering = asyncio.ensure_future(self.answered(scope, body, send))
        leaving = asyncio.ensure_future(left(receive))
        try:
            # Whoever has asked and left pays for no more: Google ends the generation, too.
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)
        if not answering.cancelled():
            answering.result()

    async def answered(self, scope: dict[str, Any], body: bytes, send: Send) -> None:
        try:
            await self.answer(scope, body, send)
        except Cut:
            # A promise of more than comes: the server closes a connection whose application leaves it so.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        except Refusal as refusal:
            await reply(send, refusal.as_json(), refusal.http_status)

    async def answer(self, scope: dict[str, Any], sent: bytes, send: Send) -> None:
        if scope["path"] == LOG_PATH:
            if scope["method"] == "DELETE":
                self.model.log.clear()
            await reply(send, self.model.log_as_json())
            return
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        key = headers.get("x-goog-api-key") or query.get("key", "")
        found = PATH.fullmatch(scope["path"])
        if not found:
            await reply(send, {"error": {"code": 404, "message": "Not Found", "status": "NOT_FOUND"}}, 404)
            return
        name, method = found["model"], found["method"]
        if not method:
            self.model.check_key(key)
            await reply(send, self.listed(name, query))
            return
        body = read_json(sent) | {"model": name}
        if method == "countTokens":
            self.model.check_key(key)
            inner = body.get("generateContentRequest") or body
            counted = [*inner.get("contents", []), inner.get("systemInstruction") or {}]
            await reply(send, {"totalTokens": count_tokens(models.text_of(counted))})
        elif method == "generateContent":
            chunks = [chunk async for chunk in self.model.generate(method, key, body, scope["arrived"])]
            await reply(send, models.joined(chunks))
        elif query.get("alt") == "sse":
            await self.stream_events(send, key, body, scope["arrived"])
        else:
            await self.stream_array(send, key, body, scope["arrived"])

    def listed(self, name: str | None, query: dict[str, str]) -> Any:
        if name:
            self.model.check_model(name)
            return models.model_as_json(name)
        return models.models_page(int(query.get("pageSize", 50)), query.get("pageToken", ""))

    async def stream_events(self, send: Send, key: str, body: dict[str, Any], arrived: float) -> None:
        malformed = "[[fail malformed" in models.text_of(body.get("contents", [])[-1:])
        begun = False
        try:
            async with aclosing(self.model.generate("streamGenerateContent", key, body, arrived)) as chunks:
                async for chunk in chunks:
                    if not begun:
                        await begin(send, 200, b"text/event-stream")
                        begun = True
                    event = json.dumps(named(chunk), ensure_ascii=False)
                    await more(send, f"data: {event[: len(event) // 2] if malformed else event}\r\n\r\n")
        except Refusal as refusal:
            if refusal.is_cut:
                if begun:
                    return
                raise Cut from None
            if not begun:
                raise
            # The status has gone out as 200 by now: the error is an event like another, and the last one.
            await more(send, f"data: {json.dumps(refusal.as_json())}\r\n\r\n")
        await end(send)

    async def stream_array(self, send: Send, key: str, body: dict[str, Any], arrived: float) -> None:
        """The other form of a stream is one JSON array; Google answers errors there with an array, too."""
        begun = False
        try:
            async for chunk in self.model.generate("streamGenerateContent", key, body, arrived):
                if not begun:
                    await begin(send, 200, b"application/json")
                await more(send, ("," if begun else "[") + json.dumps(chunk, ensure_ascii=False))
                begun = True
        except Refusal as refusal:
            if begun:
                raise
            await reply(send, [refusal.as_json()], refusal.http_status)
            return
        await more(send, "]")
        await end(send)


def named(chunk: models.Answer) -> models.Answer:
    """In JSON a reason that a client may not know yet has a name all the same."""
    candidates = [
        candidate | {"finishReason": f"REASON_{reason}"}
        if isinstance(reason := candidate.get("finishReason"), int)
        else candidate
        for candidate in chunk.get("candidates", [])
    ]
    return chunk | ({"candidates": candidates} if candidates else {})


async def left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(receive: Any) -> bytes:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            return body


def read_json(body: bytes) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(body or b"{}")
    except ValueError:
        raise Refusal("INVALID_ARGUMENT", "Invalid JSON payload received.") from None
    return read


async def begin(send: Send, status: int, content_type: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", content_type)]})


async def more(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def reply(send: Send, body: Any, status: int = 200) -> None:
    await begin(send, status, b"application/json; charset=UTF-8")
    await more(send, json.dumps(body, ensure_ascii=False))
    await end(send)
