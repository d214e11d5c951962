"""What the core asks of an engine, in plain data: messages cross in the JSON shape of Gemini's REST API."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from gemini.exceptions import EngineError

__all__ = ["Chunk", "Engine", "EngineError", "GenerateRequest", "ModelInfo", "Usage", "code_for", "stream_with_retries"]

# Seconds.
CONNECT_TIMEOUT = 5.0
FIRST_TOKEN_TIMEOUT = 60.0
BETWEEN_TOKENS_TIMEOUT = 60.0
TOTAL_TIMEOUT = 300.0
UNARY_TIMEOUT = 30.0

# Of HTTP: what may pass if it is asked again.
TRANSIENT_STATUSES = (429, 500, 502, 503, 504)
MAX_RETRIES = 2
LONGEST_RETRY_DELAY = 20.0
RETRY_DELAYS = (1.0, 3.0)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as Google counts them; `total` includes what the model thought and what tools added."""

    prompt: int = 0
    answer: int = 0
    total: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.prompt + other.prompt, self.answer + other.answer, self.total + other.total)


@dataclass(slots=True)
class Chunk:
    text: str = ""
    # REST JSON of the parts, with `thoughtSignature`, as it has to go back with the history.
    parts: list[dict[str, Any]] = field(default_factory=list)
    # STOP, MAX_TOKENS, SAFETY, … on the last chunk; a stream without it was cut.
    finish_reason: str = ""
    # Why the prompt was refused.
    block_reason: str = ""
    safety_ratings: list[dict[str, Any]] = field(default_factory=list)
    usage: Usage | None = None
    model_version: str = ""


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    model: str
    contents: list[dict[str, Any]]
    system: str = ""
    generation_config: dict[str, Any] = field(default_factory=dict)
    # What the model may call: `name`, `description`, and `parameters` as a JSON schema.
    functions: list[dict[str, Any]] = field(default_factory=list)
    # Whether it still may; False tells it to answer in words, of functions that it has called before.
    may_call: bool = True


@dataclass(frozen=True, slots=True)
class ModelInfo:
    name: str
    label: str
    # Tokens.
    input_limit: int
    output_limit: int


class Engine(Protocol):
    """One attempt each: retrying is `stream_with_retries`. All failures are `EngineError`.

    The key is an argument of every call: engines are shared by all users and must keep none.
    """

    def stream(self, key: str, request: GenerateRequest) -> AsyncGenerator[Chunk, None]: ...

    async def count_tokens(self, key: str, request: GenerateRequest) -> int: ...

    async def models(self, key: str) -> list[ModelInfo]: ...

    async def aclose(self) -> None:
        """Closes the connections of the running event loop."""


def code_for(http_status: int, status: str, reason: str) -> str:
    """Our word for an error that Google answers with.

    `status` is the name of its canonical code, `reason` that of its ErrorInfo
    (https://ai.google.dev/gemini-api/docs/troubleshooting).
    """
    if reason.startswith("API_KEY") or http_status in (401, 403):
        return "api_key_invalid"
    if status == "FAILED_PRECONDITION":
        return "region_unsupported"
    return {404: "model_unavailable", 429: "quota_exceeded", 503: "model_overloaded", 504: "timeout"}.get(
        http_status, "upstream_error"
    )


def day_ends_in() -> float:
    """Seconds until Google's daily quotas begin anew: midnight in California."""
    now = datetime.now(ZoneInfo("America/Los_Angeles"))
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    # Of two moments in one zone Python would subtract the clocks, and be an hour wrong when they are put forward.
    return midnight.timestamp() - now.timestamp()


def quota_returns_in(delay: float | None, violated: str) -> float | None:
    """Seconds until a quota is there again. `violated` names it.

    Google names a delay of seconds also for a quota of the day, which is of no use before the day has ended.
    """
    if "PerDay" not in violated or (delay or 0) > LONGEST_RETRY_DELAY * 60:
        return delay
    return day_ends_in()


def retry_delay(error: EngineError, attempt: int) -> float | None:
    """Seconds to wait before another try, or None when it would be of no use."""
    if not error.transient or attempt >= MAX_RETRIES:
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_RETRY_DELAY else None
    if error.code == "quota_exceeded":
        # Without a delay named by Google nobody knows when the quota comes back.
        return None
    return RETRY_DELAYS[attempt] * random.uniform(0.8, 1.2)


async def stream_with_retries(engine: Engine, key: str, request: GenerateRequest) -> AsyncGenerator[Chunk, None]:
    """The engine's stream, begun anew after a passing failure, but only while nothing has arrived."""
    attempt = 0
    while True:
        begun = False
        try:
            async with aclosing(engine.stream(key, request)) as chunks:
                async for chunk in chunks:
                    begun = True
                    yield chunk
            return
        except EngineError as error:
            delay = None if begun else retry_delay(error, attempt)
            if delay is None:
                raise
            attempt += 1
            await asyncio.sleep(delay)
