"""How much a request may bring, and how long it may take to bring it.

Django's ASGI handler writes a body of any length to disk before any view sees it, and waits for it without a limit.
Here both end early, whether a length was announced or not.
"""

import asyncio
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.errors import envelope
from gemini.exceptions import InvalidRequest

# Bytes: an import of chats is the largest thing there is to send (20 MiB), and a form around it.
MOST = 21 * 1024 * 1024
# Seconds for all of a body: 21 MiB at 180 KB a second.
LONGEST = 120.0
# Seconds for which more of a refused body is read, and thrown away.
LINGER = 1.0

STATUS = {"too_large": 413, "too_slow": 408}
HEADERS = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Bodies:
    """Around the application: it sees no body that is too large or too slow."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        body = Body(receive, send)
        if announced(scope) > MOST:
            body.refusal = "too_large"
        else:
            await self.application(scope, body.receive, body.send)
        if body.refusal and not body.answered:
            await body.throw_away()
            await refuse(scope["path"], body.refusal, send)


class Body:
    def __init__(self, receive: Any, send: Any) -> None:
        self.refusal = ""
        self.answered = False
        self._receive, self._send = receive, send
        self._size = 0
        self._more = True
        self._due = asyncio.get_running_loop().time() + LONGEST

    async def receive(self) -> dict[str, Any]:
        """The next part; to the application a body that is refused is a reader who has left."""
        if not self._more:
            message: dict[str, Any] = await self._receive()
            return message
        try:
            async with asyncio.timeout_at(self._due):
                message = await self._receive()
        except TimeoutError:
            self.refusal = "too_slow"
            return {"type": "http.disconnect"}
        self._size += len(message.get("body", b""))
        self._more = message.get("more_body", False)
        if self._size > MOST:
            self.refusal = "too_large"
            return {"type": "http.disconnect"}
        return message

    async def throw_away(self) -> None:
        """What is under way already. A connection closed upon it is reset, and takes along what we have to say."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while (await self._receive()).get("more_body"):
                    pass

    async def send(self, message: dict[str, Any]) -> None:
        self.answered = True
        await self._send(message)


def announced(scope: dict[str, Any]) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0


async def refuse(path: str, code: str, send: Any) -> None:
    request, error = HttpRequest(), InvalidRequest(code)
    request.path_info = path
    response = envelope(request, error) or HttpResponse(error.message, content_type="text/plain; charset=utf-8")
    headers = HEADERS | {"Content-Type": response.headers["Content-Type"], "Content-Length": str(len(response.content))}
    if settings.OVER_HTTPS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": STATUS[code], "headers": raw})
    await send({"type": "http.response.body", "body": response.content})
