"""Asking Google over HTTP, so that whatever it does ends in time, and as an answer or as one exception."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.conf import settings

from gemini.sources.http import tls

# Seconds: for one attempt, and for both with the pause between.
CONNECT_TIMEOUT, READ_TIMEOUT = 2.0, 4.0
PAUSE = 0.3
MAX_BODY = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    # The JSON object; empty when the body is none.
    body: dict[str, Any] = field(repr=False)


class Unreachable(Exception):
    """No answer that could be read: no connection, too slow, too large, or no JSON. `str()` is for the log."""


def get(url: str, params: Mapping[str, Any], headers: Mapping[str, str], *, until: float) -> Answer:
    """The answer, whatever its status; a passing failure is tried again once before `until` (`time.monotonic`)."""
    for attempt in (1, 2):
        try:
            answer = exchange("GET", url, until, params=params, headers=headers)
            if answer.status < 500 or attempt == 2:
                return answer
        except Unreachable:
            if attempt == 2 or time.monotonic() + PAUSE >= until:
                raise
        time.sleep(PAUSE)
    raise AssertionError


def post(url: str, form: Mapping[str, str], *, until: float) -> Answer:
    """Sent once: of a refresh token that rotates, the second use would be a theft to Google."""
    return exchange("POST", url, until, data=form)


def exchange(method: str, url: str, until: float, **request: Any) -> Answer:
    left = until - time.monotonic()
    if left <= 0:
        raise Unreachable("No time left.")
    timeout = httpx.Timeout(min(READ_TIMEOUT, left), connect=min(CONNECT_TIMEOUT, left))
    proxy = settings.GOOGLE_PROXY or None
    # Follows no redirect and reads no proxy from the environment: hosts are fixed.
    with httpx.Client(timeout=timeout, proxy=proxy, trust_env=False, verify=tls()) as client:
        try:
            with client.stream(method, url, **request) as response:
                body = read(response, until)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from error
    return Answer(response.status_code, response.headers, parsed(response, body))


def read(response: httpx.Response, until: float) -> bytes:
    """A timeout counts from byte to byte: one that trickles is cut off here."""
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MAX_BODY:
            raise Unreachable("The answer is too large.")
        if time.monotonic() > until:
            raise Unreachable("The answer trickles.")
    return body


def parsed(response: httpx.Response, body: bytes) -> dict[str, Any]:
    """A page about maintenance comes with 200, too, and is no answer."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        if response.status_code == 200 and body:
            raise Unreachable("No JSON.") from error
        return {}
    if isinstance(found, dict):
        return found
    if response.status_code == 200:
        raise Unreachable("JSON, but no object.")
    return {}
