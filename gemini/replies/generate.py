"""The task that writes one reply, and the one that names its session."""

import asyncio
import logging
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError

from gemini import conf
from gemini.credentials import Credentials
from gemini.engines import Chunk, EngineError, GenerateRequest, Usage, engine_at, stream_with_retries
from gemini.models import ChatMessage, GeminiCall
from gemini.prompts import clean_title, title_prompt
from gemini.replies import store
from gemini.replies.live import LiveReply
from gemini.replies.runtime import runtime

logger = logging.getLogger(__name__)

Status = ChatMessage.Status

# Seconds between attempts to write an ending down while the database refuses; the last one repeats.
WRITE_AGAIN_AFTER = (0.1, 0.5, 1.0, 2.0, 5.0)
WRITE_ATTEMPTS = 30


@dataclass(frozen=True, slots=True)
class Assignment:
    """All that the task needs, read from the database beforehand."""

    user_id: int
    interface: str
    credentials: Credentials
    request: GenerateRequest
    # How many of the oldest messages did not fit into the request.
    left_out: int = 0
    # The first message, when the session still wants a title.
    title_from: str = ""


@dataclass(slots=True)
class Answer:
    """What the chunks add up to, beside the text."""

    finish_reason: str = ""
    block_reason: str = ""
    usage: Usage = field(default_factory=Usage)
    safety_ratings: list[dict[str, Any]] = field(default_factory=list)
    model: str = ""

    def take(self, chunk: Chunk) -> None:
        self.finish_reason = chunk.finish_reason or self.finish_reason
        self.block_reason = chunk.block_reason or self.block_reason
        self.usage = chunk.usage or self.usage
        self.safety_ratings = chunk.safety_ratings or self.safety_ratings
        self.model = chunk.model_version or self.model

    def verdict(self, text: str) -> tuple[str, str]:
        """The status and the error code of a stream that ended by itself."""
        if self.block_reason:
            return Status.FAILED, "prompt_blocked"
        if not self.finish_reason:
            return (Status.INTERRUPTED, "") if text else (Status.FAILED, "upstream_error")
        if not text:
            return Status.FAILED, "empty_response"
        return Status.DONE, ""

    def metadata(self) -> dict[str, Any]:
        return {
            "finish_reason": self.finish_reason or self.block_reason,
            "safety_ratings": self.safety_ratings,
            "usage_metadata": {
                "promptTokenCount": self.usage.prompt,
                "candidatesTokenCount": self.usage.answer,
                "totalTokenCount": self.usage.total,
            },
        } | ({"model": self.model} if self.model else {})


async def write_reply(live: LiveReply, assignment: Assignment) -> None:
    """Runs until the reply has ended and its end is stored; whatever happens, viewers are told."""
    answer = Answer()
    if assignment.title_from:
        runtime.spawn(name_session(live.session_id, assignment))
    # A task of its own, so that a stop can end the asking and never the writing down.
    live.asking = asyncio.ensure_future(ask(live, assignment, answer))
    if live.ending:
        live.asking.cancel()
    try:
        status, code, extra = await live.asking
    except asyncio.CancelledError:
        status, code, extra = live.ending or Status.INTERRUPTED, "", {}
    try:
        await write_down(live, assignment, answer, status, code, extra)
    finally:
        runtime.live.pop(live.message_id, None)
        live.end()


async def ask(live: LiveReply, assignment: Assignment, answer: Answer) -> tuple[str, str, dict[str, Any]]:
    credentials = assignment.credentials
    try:
        engine = await engine_at(credentials.endpoint)
        stream = stream_with_retries(engine, credentials.key, assignment.request)
        async with aclosing(stream) as chunks:
            async for chunk in chunks:
                answer.take(chunk)
                live.append(chunk.text)
                if live.length >= conf.MAX_ANSWER_LENGTH:
                    answer.finish_reason = "MAX_TOKENS"
                    break
        return *answer.verdict(live.text), {}
    except EngineError as error:
        logger.warning("Reply %s failed: %s", live.message_id, error.code)
        extra = {"retry_after": error.retry_after} if error.retry_after is not None else {}
        return Status.FAILED, error.code, extra
    except Exception:
        logger.exception("Reply %s failed", live.message_id)
        return Status.FAILED, "upstream_error", {}


async def write_down(
    live: LiveReply, assignment: Assignment, answer: Answer, status: str, code: str, extra: dict[str, Any]
) -> None:
    elapsed = time.monotonic() - live.started
    first_token_ms = round((live.first_token - live.started) * 1000) if live.first_token else None
    ending = store.Ending(
        status=status,
        text=live.text,
        error_code=code,
        usage=answer.usage,
        response_time=elapsed,
        metadata=answer.metadata() | extra | {"first_token_ms": first_token_ms, "left_out": assignment.left_out},
    )
    call = GeminiCall(
        user_id=assignment.user_id,
        interface=assignment.interface,
        purpose=GeminiCall.Purpose.REPLY,
        key_origin=assignment.credentials.origin,
        model=assignment.request.model,
        prompt_tokens=answer.usage.prompt,
        total_tokens=answer.usage.total,
        duration_ms=round(elapsed * 1000),
        first_token_ms=first_token_ms,
        code=code or ("" if status == Status.DONE else status),
    )
    await insist(store.finish, live.message_id, runtime.owner, ending)
    await insist(store.record_call, call)


async def insist(write: Any, *args: Any) -> None:
    """Repeats a write that the database refuses: its restart must not cost an answer that we still hold."""
    for attempt in range(WRITE_ATTEMPTS):
        try:
            await runtime.in_database(write, *args)
            return
        except DatabaseError:
            if attempt == WRITE_ATTEMPTS - 1:
                raise
            logger.exception("Could not write, trying again")
            await asyncio.sleep(WRITE_AGAIN_AFTER[min(attempt, len(WRITE_AGAIN_AFTER) - 1)])


async def name_session(session_id: int, assignment: Assignment) -> None:
    """Asks a cheap model for a title; when that fails the prompt's first words simply stay."""
    credentials = assignment.credentials
    request = title_prompt(assignment.title_from, model=conf.get("GEMINI_TITLE_MODEL"))
    answer, text, code, began = Answer(), "", "", time.monotonic()
    try:
        engine = await engine_at(credentials.endpoint)
        async with aclosing(engine.stream(credentials.key, request)) as chunks:
            async for chunk in chunks:
                answer.take(chunk)
                text += chunk.text
        if title := clean_title(text):
            await runtime.in_database(store.name_session, session_id, title)
    except EngineError as error:
        code = error.code
    call = GeminiCall(
        user_id=assignment.user_id,
        interface=assignment.interface,
        purpose=GeminiCall.Purpose.TITLE,
        key_origin=credentials.origin,
        model=request.model,
        prompt_tokens=answer.usage.prompt,
        total_tokens=answer.usage.total,
        duration_ms=round((time.monotonic() - began) * 1000),
        code=code,
    )
    await runtime.in_database(store.record_call, call)
