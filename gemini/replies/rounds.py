"""A reply in rounds: the model calls sources, they are asked at once, and it goes on with what they gave.

Between two rounds nothing is asked of Gemini; the text so far stays, and the reader sees what is being looked up.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gemini.engines import Chunk, Engine, EngineError, GenerateRequest, stream_with_retries
from gemini.replies.live import LiveReply
from gemini.sources.toolbox import MAX_ROUNDS, Toolbox

if TYPE_CHECKING:
    from gemini.replies.generate import Answer, Assignment

# Google's wording for models that take no functions; they are asked again without.
NO_FUNCTIONS = "unction calling is not enabled"
# A call that the model could not put into words, or was not to make: it answers without.
SPOILT_CALLS = ("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS")
PARAGRAPH = "\n\n"
# What a part of text has that nothing was signed in.
PLAIN = {"text"}


async def in_rounds(
    engine: Engine,
    live: LiveReply,
    assignment: "Assignment",
    answer: "Answer",
    record: Callable[[], Awaitable[None]],
) -> AsyncGenerator[Chunk, None]:
    """The chunks of all rounds. `record` writes the request that has just ended to the ledger."""
    toolbox, request = assignment.toolbox, assignment.request
    if toolbox is not None:
        request = await equipped(request, toolbox, live)
    # A continuation begins with text that is no round of its own.
    begun = live.length
    number = 0
    while True:
        number += 1
        parts: list[dict[str, Any]] = []
        between = PARAGRAPH if live.length > begun else ""
        answer.begin_request()
        async with aclosing(one_round(engine, assignment.credentials.key, request)) as chunks:
            async for chunk in chunks:
                merge(parts, chunk.parts)
                if chunk.text:
                    chunk.text, between = between + chunk.text, ""
                yield chunk
        if toolbox is None or not (request.functions and request.may_call):
            return
        calls = [part["functionCall"] for part in parts if "functionCall" in part]
        if not calls and (parts or answer.finish_reason not in SPOILT_CALLS):
            return
        await record()
        if calls:
            request = replace(request, contents=request.contents + await answered(calls, parts, number, toolbox, live))
        # Having asked as often as it may, or spoilt its call, the model has to answer with what there is.
        request = replace(request, may_call=bool(calls) and number < MAX_ROUNDS)


async def equipped(request: GenerateRequest, toolbox: Toolbox, live: LiveReply) -> GenerateRequest:
    """The request with the functions that may be called, and before the question the data that go with it."""
    contents = request.contents
    if toolbox.attached:
        live.show_activity(toolbox.activity([block.source for block in toolbox.attached]))
        data = await toolbox.attach()
        live.show_activity("")
        # The last part is the question; those before it got no answer.
        *earlier, question = contents[-1]["parts"]
        contents = [*contents[:-1], {**contents[-1], "parts": [*earlier, *data, question]}]
    if not toolbox.functions:
        return replace(request, contents=contents)
    system = "\n\n".join(part for part in (request.system, toolbox.instruction) if part)
    return replace(request, contents=contents, system=system, functions=toolbox.functions)


async def one_round(engine: Engine, key: str, request: GenerateRequest) -> AsyncGenerator[Chunk, None]:
    try:
        async with aclosing(stream_with_retries(engine, key, request)) as chunks:
            async for chunk in chunks:
                yield chunk
        return
    except EngineError as error:
        if not request.functions or NO_FUNCTIONS not in str(error):
            raise
    async with aclosing(stream_with_retries(engine, key, replace(request, functions=[]))) as chunks:
        async for chunk in chunks:
            yield chunk


async def answered(
    calls: list[dict[str, Any]], parts: list[dict[str, Any]], number: int, toolbox: Toolbox, live: LiveReply
) -> list[dict[str, Any]]:
    """The two turns that a round adds: the model's own, as it came, and what the sources gave."""
    live.show_activity(toolbox.activity([call.get("name", "") for call in calls]))
    responses = await toolbox.answer(calls, number)
    live.show_activity("")
    return [{"role": "model", "parts": parts}, {"role": "user", "parts": responses}]


def merge(parts: list[dict[str, Any]], arrived: list[dict[str, Any]]) -> None:
    """Adds parts as they have to go back. Pieces of plain text are one; whatever is signed stays as it came."""
    for part in arrived:
        if parts and part.keys() == parts[-1].keys() == PLAIN:
            parts[-1] = {"text": parts[-1]["text"] + part["text"]}
        else:
            parts.append(part)
