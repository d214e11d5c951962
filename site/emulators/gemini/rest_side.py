"""The model over REST, as an ASGI application: `/v1beta/models…` and `/v1/models…`, and the log for tests."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from emulators.gemini import model as models
from emulators.gemini.answers import count_tokens
from emulators.gemini.failures import Refusal

PATH = re.compile(r"/v1(?:beta)?/models(?:/(?P<model>[^/:]+))?(?::(?P<method>\w+))?")
LOG_PATH = "/__emulator__/log"

Send = Callable[[dict[str, Any]], Awaitable[None]]


class RestSide:
    def __init__(self, model: models.Model) -> None:
        self.model = model

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            await self.answer(scope, receive, send)
        except Refusal as refusal:
            await reply(send, refusal.as_json(), refusal.http_status)

    async def answer(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
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
        body = await read_json(receive) | {"model": name}
        if method == "countTokens":
            self.model.check_key(key)
            inner = body.get("generateContentRequest") or body
            await reply(send, {"totalTokens": count_tokens(models.text_of(inner.get("contents", [])))})
        elif method == "generateContent":
            chunks = [chunk async for chunk in self.model.generate(method, key, body)]
            await reply(send, models.joined(chunks))
        elif query.get("alt") == "sse":
            await self.stream_events(send, key, body)
        else:
            await self.stream_array(send, key, body)

    def listed(self, name: str | None, query: dict[str, str]) -> Any:
        if name:
            self.model.check_model(name)
            return models.model_as_json(name)
        return models.models_page(int(query.get("pageSize", 50)), query.get("pageToken", ""))

    async def stream_events(self, send: Send, key: str, body: dict[str, Any]) -> None:
        begun = False
        async for chunk in self.model.generate("streamGenerateContent", key, body):
            if not begun:
                await begin(send, 200, b"text/event-stream")
                begun = True
            await more(send, f"data: {json.dumps(chunk, ensure_ascii=False)}\r\n\r\n")
        await end(send)

    async def stream_array(self, send: Send, key: str, body: dict[str, Any]) -> None:
        """The other form of a stream is one JSON array; Google answers errors there with an array, too."""
        begun = False
        try:
            async for chunk in self.model.generate("streamGenerateContent", key, body):
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


async def read_json(receive: Any) -> dict[str, Any]:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    try:
        return json.loads(body or b"{}")
    except ValueError:
        raise Refusal("INVALID_ARGUMENT", "Invalid JSON payload received.") from None


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
