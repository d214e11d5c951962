"""The task that writes one reply, and the one that names its session."""

import asyncio
import logging
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from django.db import Error

from gemini import conf, metrics
from gemini.credentials import Credentials
from gemini.engines import Chunk, EngineError, GenerateRequest, Usage, engine_at
from gemini.models import ChatMessage, GeminiCall
from gemini.prompts import clean_title, joined, title_prompt
from gemini.replies import endings, store
from gemini.replies.live import LiveReply
from gemini.replies.rounds import in_rounds
from gemini.replies.runtime import runtime
from gemini.sources.toolbox import Toolbox
from gemini.usage import ledger

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
    # What the reply holds before Gemini is asked to continue it.
    begins_with: str = ""
    # What the model may ask on the user's behalf.
    toolbox: Toolbox | None = None


@dataclass(slots=True)
class Answer:
    """What the chunks add up to, beside the text."""

    finish_reason: str = ""
    block_reason: str = ""
    # Of the request that is under way, and of those before it.
    usage: Usage = field(default_factory=Usage)
    earlier: Usage = field(default_factory=Usage)
    # When that request began, None while nothing is asked of Gemini; and when its first text came.
    asked_at: float | None = None
    text_at: float | None = None
    safety_ratings: list[dict[str, Any]] = field(default_factory=list)
    model: str = ""

    def take(self, chunk: Chunk) -> None:
        if chunk.text and self.text_at is None:
            self.text_at = time.monotonic()
        self.finish_reason = chunk.finish_reason or self.finish_reason
        self.block_reason = chunk.block_reason or self.block_reason
        self.usage = chunk.usage or self.usage
        self.safety_ratings = chunk.safety_ratings or self.safety_ratings
        self.model = chunk.model_version or self.model

    @property
    def total(self) -> Usage:
        return self.earlier + self.usage

    def begin_request(self) -> None:
        self.finish_reason, self.asked_at, self.text_at = "", time.monotonic(), None

    def end_request(self) -> None:
        self.earlier, self.usage, self.asked_at = self.total, Usage(), None

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
                "promptTokenCount": self.total.prompt,
                "candidatesTokenCount": self.total.answer,
                "totalTokenCount": self.total.total,
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
    async def record() -> None:
        await insist(ledger.record, call_of(live, assignment, answer))
        answer.end_request()

    try:
        engine = await engine_at(assignment.credentials.endpoint)
        async with aclosing(in_rounds(engine, live, assignment, answer, record)) as chunks:
            async for chunk in chunks:
                answer.take(chunk)
                is_first = live.length == len(assignment.begins_with)
                live.append(joined(assignment.begins_with, chunk.text) if is_first else chunk.text)
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
    ending = store.Ending(
        status=status,
        text=live.text,
        error_code=code,
        usage=answer.total,
        response_time=time.monotonic() - live.started,
        metadata=answer.metadata()
        | extra
        | {"first_token_ms": milliseconds(live.started, live.first_token), "left_out": assignment.left_out}
        | ({"sources": assignment.toolbox.as_json()} if assignment.toolbox and assignment.toolbox.records else {}),
    )
    # Where it ended while sources were asked, what had been asked of Gemini is in the ledger already.
    was_asked = answer.asked_at is not None
    call = call_of(live, assignment, answer, code or ("" if status == Status.DONE else status)) if was_asked else None
    await insist(endings.write, live.message_id, runtime.owner, ending, call)
    told(live, ending)


def told(live: LiveReply, ending: store.Ending) -> None:
    """How it ended, for the operator: numbers, and none of its words."""
    took = ending.response_time or 0.0
    metrics.count_reply(ending.status, took, live.first_token - live.started if live.first_token else None)
    facts = {
        "reply_id": live.message_id,
        "session_id": live.session_id,
        "status": str(ending.status),
        "code": ending.error_code,
        "duration_ms": round(took * 1000),
        "first_token_ms": milliseconds(live.started, live.first_token),
        "total_tokens": ending.usage.total,
    }
    logger.info("Reply %(reply_id)s ended: %(status)s in %(duration_ms)s ms", facts, extra=facts)


def milliseconds(begin: float, end: float | None) -> int | None:
    return round((end - begin) * 1000) if end is not None else None


def call_of(live: LiveReply, assignment: Assignment, answer: Answer, code: str = "") -> GeminiCall:
    """The ledger's row for the request that is under way."""
    began = answer.asked_at if answer.asked_at is not None else live.started
    return GeminiCall(
        user_id=assignment.user_id,
        interface=assignment.interface,
        purpose=GeminiCall.Purpose.REPLY,
        key_origin=assignment.credentials.origin,
        model=assignment.request.model,
        prompt_tokens=answer.usage.prompt,
        total_tokens=answer.usage.total,
        duration_ms=round((time.monotonic() - began) * 1000),
        first_token_ms=milliseconds(began, answer.text_at),
        code=code,
        message_id=live.message_id,
    )


async def insist(write: Any, *args: Any) -> None:
    """Repeats a write that the database refuses: its restart must not cost an answer that we still hold."""
    for attempt in range(WRITE_ATTEMPTS):
        try:
            await runtime.in_database(write, *args)
            return
        except Error:
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
    await runtime.in_database(ledger.record, call)
