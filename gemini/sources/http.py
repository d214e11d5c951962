"""Asking a service over HTTP, so that whatever it does ends in time, and as an answer or as one exception."""

import asyncio
import functools
import json
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

import httpx

# Seconds. One attempt, and all of them with the pauses between.
CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 4.0
TOTAL_TIMEOUT = 8.0
PAUSE = 0.3
ATTEMPTS = 2
# Bytes after which an answer is none that we asked for.
MAX_BODY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    # The JSON, with Decimal for its fractions; None when the body is none.
    body: Any = field(default=None, repr=False)


class Unreachable(Exception):
    """No answer that could be read: no connection, too slow, too large, or no JSON. `str()` is for the log."""


@asynccontextmanager
async def client(base_url: str, proxy: str = "", headers: Mapping[str, str] | None = None) -> AsyncGenerator[Any, None]:
    """For the calls of one run. Follows no redirect and reads no proxy from the environment: hosts are fixed."""
    async with httpx.AsyncClient(
        base_url=base_url,
        proxy=proxy or None,
        headers={"Accept": "application/json", **(headers or {})},
        timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        trust_env=False,
        verify=tls(),
    ) as opened:
        yield opened


@functools.cache
def tls() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than an answer."""
    return ssl.create_default_context()


async def get(client: httpx.AsyncClient, path: str, params: Any = None, headers: Any = None) -> Answer:
    """The answer, whatever its status; a passing failure is tried again. Raises `Unreachable`."""
    try:
        async with asyncio.timeout(TOTAL_TIMEOUT):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    answer = await attempt_get(client, path, params, headers)
                except httpx.TransportError as error:
                    if attempt == ATTEMPTS:
                        raise Unreachable(f"{type(error).__name__}: {error}") from error
                else:
                    if answer.status < 500 or attempt == ATTEMPTS:
                        return answer
                await asyncio.sleep(PAUSE)
    except TimeoutError as error:
        raise Unreachable("Too slow.") from error
    raise AssertionError


async def attempt_get(client: httpx.AsyncClient, path: str, params: Any, headers: Any) -> Answer:
    body = bytearray()
    async with client.stream("GET", path, params=params, headers=headers) as response:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MAX_BODY:
                raise Unreachable("The answer is too large.")
    kind = response.headers.get("content-type", "")
    # A page about maintenance comes with 200, too.
    if "json" not in kind:
        if response.status_code == 200:
            raise Unreachable(f"No JSON but {kind or 'nothing'}.")
        return Answer(response.status_code, response.headers)
    try:
        parsed = json.loads(bytes(body), parse_float=Decimal, parse_constant=refuse) if body else None
    except (ValueError, RecursionError) as error:
        if response.status_code == 200:
            raise Unreachable("Malformed JSON.") from error
        parsed = None
    return Answer(response.status_code, response.headers, parsed)


def refuse(name: str) -> NoReturn:
    raise ValueError(name)
