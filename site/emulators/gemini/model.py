"""The model behind both protocols: checks a request, and gives the answer as steps for a protocol to send."""

import asyncio
import itertools
import re
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from emulators.gemini import answers, failures, tools
from emulators.gemini.commands import Commands, Failure, read_commands

INPUT_LIMIT, OUTPUT_LIMIT = 1_048_576, 65_536
MODELS = {
    "gemini-flash-latest": "Gemini Flash Latest",
    "gemini-flash-lite-latest": "Gemini Flash-Lite Latest",
    "gemini-pro-latest": "Gemini Pro Latest",
    "gemini-3-flash-preview": "Gemini 3 Flash Preview",
    "gemini-3.1-pro-preview": "Gemini 3.1 Pro Preview",
    "gemini-2.5-flash": "Gemini 2.5 Flash",
}
EMBEDDING_MODEL = "gemini-embedding-001"
RATINGS = [{"category": "HARM_CATEGORY_HARASSMENT", "probability": "NEGLIGIBLE"}]
LOG_LENGTH = 5_000
FOR_EVER = 3_600.0

Answer = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """One request, for tests to look at. `outcome` grows from "running" to what became of it."""

    method: str
    key: str
    model: str
    prompt: str
    system: str
    turns: int
    started: str
    # All that the last words of the user came with.
    turn: str = ""
    chunks: int = 0
    outcome: str = "running"


class Model:
    """Answers in the JSON of the REST API. `pace` and `first_token` are in seconds."""

    def __init__(self, keys: Collection[str] | None, pace: float, first_token: float) -> None:
        self.keys = keys
        self.pace = pace
        self.first_token = first_token
        self.log: deque[Entry] = deque(maxlen=LOG_LENGTH)
        self._failed: Counter[tuple[str, str]] = Counter()

    def log_as_json(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.log]

    def check_key(self, key: str) -> None:
        if not key:
            raise failures.no_key()
        valid = key in self.keys if self.keys is not None else key.startswith(("test-", "demo-"))
        if not valid:
            raise failures.wrong_key()

    def check_model(self, model: str) -> None:
        if model not in MODELS and not model.startswith("fake-"):
            raise failures.unknown_model(model)

    async def generate(
        self, method: str, key: str, body: dict[str, Any], arrived: float
    ) -> AsyncGenerator[Answer, None]:
        """The answer in chunks, paced. Raises `Refusal`, before the first chunk or after some.

        `arrived` is when the request did, on the clock of the event loop: what the emulator itself takes to read it
        and to think of an answer is part of the time before the first chunk, and not added to it.
        """
        model = body.get("model", "").removeprefix("models/")
        contents = body.get("contents", [])
        asked, _ = asked_and_said(contents)
        prompt, system = tools.question(asked), text_of([body.get("systemInstruction") or {}])
        started = datetime.now(UTC).isoformat()
        turn = text_of(tools.turn(contents)[0])
        entry = Entry(method, key, model, prompt, system, len(contents), started, turn)
        self.log.append(entry)
        try:
            self.check_key(key)
            self.check_model(model)
            check_contents(contents)
            tools.check(body, model)
            async for chunk in self._answer(body, model, key, prompt, system, arrived):
                entry.chunks += 1
                yield chunk
            entry.outcome = "finished"
        except failures.Refusal as refusal:
            entry.outcome = f"failed: {refusal.status}"
            raise
        finally:
            if entry.outcome == "running":
                entry.outcome = "cancelled"

    async def _answer(
        self, body: dict[str, Any], model: str, key: str, prompt: str, system: str, arrived: float
    ) -> AsyncGenerator[Answer, None]:
        # A title is asked of the same text, whose commands are meant for the reply.
        is_title = answers.TITLE_MARKER in system
        commands = Commands(read_commands(prompt, "").text) if is_title else read_commands(prompt, model)
        failure = self._due(commands.failure, key, prompt)
        chunks = self._chunks(body, model, key, commands, failure, system)
        due = arrived + (0 if is_title else commands.number("first", self.first_token))
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        if failure and not failure.after:
            await fail(failure)
        pace = 0 if is_title else commands.number("pace", self.pace)
        for number, chunk in enumerate(chunks):
            if failure and failure.after and number >= failure.after:
                await fail(failure)
            if "stamp" in commands.named:
                stamp(chunk)
            yield chunk
            if pace and "finishReason" not in chunk.get("candidates", [{}])[0]:
                await asyncio.sleep(pace)

    def _due(self, failure: Failure | None, key: str, prompt: str) -> Failure | None:
        if failure is None or not failure.times:
            return failure
        self._failed[key, prompt] += 1
        return failure if self._failed[key, prompt] <= failure.times else None

    def _chunks(
        self, body: dict[str, Any], model: str, key: str, commands: Commands, failure: Failure | None, system: str
    ) -> list[Answer]:
        contents = body["contents"]
        prompt_tokens = answers.count_tokens(text_of(contents) + system)
        kind = failure.kind if failure else ""
        if kind == "blocked":
            return [{"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": usage(prompt_tokens, 0)}]
        if kind == "no-candidates":
            return [{"usageMetadata": usage(prompt_tokens, 0)}]
        if calls := tools.calls(body, commands, model):
            spoken = [{"text": "Сейчас посмотрю."}] if "says" in commands.named else []
            return [chunk_of([*spoken, *calls], "STOP", usage(prompt_tokens, 8 * len(calls)), model)]
        if kind == "spoilt-call" and tools.may_call(body):
            return [chunk_of([], "MALFORMED_FUNCTION_CALL", usage(prompt_tokens, 0), model)]
        asked, begun = asked_and_said(contents)
        text = tools.answer(contents, commands) or answers.answer(
            commands, turns=len(asked), system=tools.without_ours(system), key=key
        )
        text = text.removeprefix(begun)
        limit = (body.get("generationConfig") or {}).get("maxOutputTokens")
        finish = "STOP"
        if limit and len(text) > limit * 4:
            text, finish = text[: limit * 4], "MAX_TOKENS"
        bad_ends = {"safety": "SAFETY", "recitation": "RECITATION", "max-tokens": "MAX_TOKENS", "reason-12": 12}
        if kind in bad_ends:
            text, finish = text[: len(text) // 2], bad_ends[kind]  # type: ignore[assignment]
        pieces = [""] if kind == "empty" else cut(text, int(commands.number("chunk", 0)))
        chunks = []
        said = 0
        for piece, is_last in zip(
            pieces, itertools.chain(itertools.repeat(False, len(pieces) - 1), [True]), strict=True
        ):
            said += len(piece)
            reason = finish if is_last and kind != "no-finish" else ""
            parts = [{"text": piece}] if piece else []
            chunks.append(chunk_of(parts, reason, usage(prompt_tokens, max(1, said // 4)), model))
        return chunks


async def fail(failure: Failure) -> None:
    """Raises, or never returns; returns for the kinds that are bad answers and no refusals."""
    if failure.kind == "stall":
        await asyncio.sleep(FOR_EVER)
    if refusal := failures.refusal(failure.kind, failure.retry):
        raise refusal


def check_contents(contents: list[dict[str, Any]]) -> None:
    if not contents or not any(content.get("parts") for content in contents):
        raise failures.Refusal("INVALID_ARGUMENT", "* GenerateContentRequest.contents: contents is not specified")
    if contents[-1].get("role") == "model":
        raise failures.Refusal("INVALID_ARGUMENT", "Please ensure that the last content has the role user.")


def text_of(contents: list[dict[str, Any]]) -> str:
    return "\n".join(part["text"] for content in contents for part in content.get("parts", []) if "text" in part)


def asked_and_said(contents: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The turns up to the question, and what of the answer has been said: something when its rest is asked for."""
    if len(contents) > 2 and text_of(contents[-1:]).startswith(answers.CONTINUE_MARKER):
        return contents[:-2], text_of(contents[-2:-1])
    return contents, ""


def stamp(chunk: Answer) -> None:
    """Writes into a chunk when it is sent, in milliseconds of the machine's monotonic clock, for others to compare."""
    for part in chunk.get("candidates", [{}])[0].get("content", {}).get("parts", []):
        part["text"] = f"{part.get('text', '')} @{time.monotonic_ns() // 1_000_000} "


def cut(text: str, size: int) -> list[str]:
    """Pieces of so many characters; of a few words each when no size is asked for."""
    if size:
        return [text[start : start + size] for start in range(0, len(text), size)] or [""]
    return re.findall(r"(?:\S+\s*){1,3}|\s+", text) or [""]


def usage(prompt: int, answer: int) -> dict[str, int]:
    return {"promptTokenCount": prompt, "candidatesTokenCount": answer, "totalTokenCount": prompt + answer}


def chunk_of(parts: list[dict[str, Any]], finish: str, tokens: dict[str, int], model: str) -> Answer:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate |= {"finishReason": finish, "safetyRatings": RATINGS}
    return {"candidates": [candidate], "usageMetadata": tokens, "modelVersion": model}


def model_as_json(name: str) -> dict[str, Any]:
    return {
        "name": f"models/{name}",
        "displayName": MODELS.get(name, name),
        "inputTokenLimit": 2_000 if name == "fake-small" else INPUT_LIMIT,
        "outputTokenLimit": OUTPUT_LIMIT,
        "supportedGenerationMethods": ["embedContent"]
        if name == EMBEDDING_MODEL
        else ["generateContent", "countTokens"],
    }


def models_page(size: int, token: str) -> dict[str, Any]:
    names = [*MODELS, EMBEDDING_MODEL]
    start = int(token or 0)
    page: dict[str, Any] = {"models": [model_as_json(name) for name in names[start : start + size]]}
    return page | {"nextPageToken": str(start + size)} if start + size < len(names) else page


def joined(chunks: list[Answer]) -> Answer:
    """A stream as the single answer of a call that does not stream."""
    whole = dict(chunks[-1])
    if candidates := whole.get("candidates"):
        parts = [part for chunk in chunks for part in chunk["candidates"][0]["content"]["parts"]]
        texts = "".join(part.get("text", "") for part in parts)
        others = [part for part in parts if "text" not in part]
        content = {"role": "model", "parts": ([{"text": texts}] if texts else []) + others}
        whole["candidates"] = [candidates[0] | {"content": content}]
    return whole
