"""REST JSON ⇄ the protobuf messages of `google.ai.generativelanguage_v1beta`.

The version that google-generativeai pins knows neither thoughts nor their signatures. Protobuf carries fields it does
not know faithfully, so these are read and written by number: Part 11 `thought`, Part 13 `thought_signature`,
GenerationConfig 22 `thinking_config` {1: include_thoughts, 2: thinking_budget}.
"""

import base64
from typing import Any

from cachetools import LRUCache
from google.ai import generativelanguage_v1beta as api
from google.protobuf import json_format, unknown_fields

from gemini.engines.base import Chunk, GenerateRequest, Usage
from gemini.engines.wire import declaration

# The plain messages are three times as fast as their wrappers.
RequestMessage = api.GenerateContentRequest.pb()
ResponseMessage = api.GenerateContentResponse.pb()
TOOLS = RequestMessage.DESCRIPTOR.fields_by_name["tools"].number
Calling = api.FunctionCallingConfig.pb().Mode
MAY_CALL, MAY_NOT_CALL = Calling.Value("AUTO"), Calling.Value("NONE")

# By the identity of the functions, which are kept along, so that no others get it. To compare what they say they would
# have to be written as JSON each time, which takes longer than the rest of a request.
_tools: LRUCache[tuple[int, ...], tuple[list[dict[str, Any]], bytes]] = LRUCache(16)

THOUGHT = 11
THOUGHT_SIGNATURE = 13
THINKING_CONFIG = 22


def encoded_request(request: GenerateRequest) -> bytes:
    """A request as it travels.

    Fields of a message may be joined: the functions, most of it, are neither read nor written anew for each request.
    """
    config = dict(request.generation_config)
    thinking = config.pop("thinkingConfig", None)
    message = RequestMessage(model=f"models/{request.model.removeprefix('models/')}")
    json_format.ParseDict(config, message.generation_config, ignore_unknown_fields=True)
    if request.system:
        message.system_instruction.parts.add(text=request.system)
    for content in request.contents:
        added = message.contents.add(role=content["role"])
        for part in content["parts"]:
            add_part(added.parts, part)
    if thinking:
        message.generation_config.MergeFromString(bytes_field(THINKING_CONFIG, thinking_config(thinking)))
    if not request.functions:
        return message.SerializeToString()
    message.tool_config.function_calling_config.mode = MAY_CALL if request.may_call else MAY_NOT_CALL
    return message.SerializeToString() + bytes_field(TOOLS, encoded_tool(request.functions))


def add_part(parts: Any, part: dict[str, Any]) -> None:
    if part.keys() == {"text"}:
        # Nearly all of a history, which may be long: 2 µs a turn, where reading its JSON takes 25.
        parts.add(text=part["text"])
        return
    added = json_format.ParseDict(part, parts.add(), ignore_unknown_fields=True)
    if signature := part.get("thoughtSignature"):
        added.MergeFromString(bytes_field(THOUGHT_SIGNATURE, base64.b64decode(signature)))
    if part.get("thought"):
        added.MergeFromString(varint_field(THOUGHT, 1))


def encoded_tool(functions: list[dict[str, Any]]) -> bytes:
    """The functions as they travel: the same in each request, of whose 1 ms reading them anew took nine tenths."""
    same = tuple(map(id, functions))
    if (kept := _tools.get(same)) is None:
        tool = {"functionDeclarations": [declaration(function) for function in functions]}
        encoded = json_format.ParseDict(tool, api.Tool.pb()(), ignore_unknown_fields=True).SerializeToString()
        kept = _tools[same] = functions, encoded
    return kept[1]


def count_request_to_proto(request: GenerateRequest) -> api.CountTokensRequest:
    whole = RequestMessage.FromString(encoded_request(request))
    wrapped = api.GenerateContentRequest.wrap(whole)
    return api.CountTokensRequest(model=whole.model, generate_content_request=wrapped)


def thinking_config(thinking: dict[str, Any]) -> bytes:
    encoded = varint_field(1, 1) if thinking.get("includeThoughts") else b""
    if (budget := thinking.get("thinkingBudget")) is not None:
        # A negative int32 (-1: as much as the model likes) is ten bytes of two's complement.
        encoded += varint_field(2, budget & (1 << 64) - 1)
    return encoded


def chunk_from_proto(message: Any) -> Chunk:
    chunk = Chunk(model_version=message.model_version)
    if message.prompt_feedback.block_reason:
        chunk.block_reason = enum_name(type(message.prompt_feedback).BlockReason, message.prompt_feedback.block_reason)
    if message.HasField("usage_metadata"):
        usage = message.usage_metadata
        chunk.usage = Usage(usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count)
    if message.candidates:
        read_candidate(message.candidates[0], chunk)
    return chunk


def read_candidate(candidate: Any, chunk: Chunk) -> None:
    if candidate.finish_reason:
        chunk.finish_reason = enum_name(type(candidate).FinishReason, candidate.finish_reason)
        # Ratings come with every chunk; the last ones speak of the whole answer.
        chunk.safety_ratings = [json_format.MessageToDict(rating) for rating in candidate.safety_ratings]
    for part in candidate.content.parts:
        chunk.parts.append(read_part(part))
        if "text" in chunk.parts[-1] and "thought" not in chunk.parts[-1]:
            chunk.text += part.text


def read_part(part: Any) -> dict[str, Any]:
    found = {"text": part.text} if part.WhichOneof("data") == "text" else json_format.MessageToDict(part)
    if "functionCall" in found:
        found["functionCall"]["args"] = with_integers(found["functionCall"].get("args", {}))
    for field in unknown_fields.UnknownFieldSet(part):
        if field.field_number == THOUGHT and field.data:
            found["thought"] = True
        elif field.field_number == THOUGHT_SIGNATURE:
            found["thoughtSignature"] = base64.b64encode(field.data).decode()
    return found


def with_integers(value: Any) -> Any:
    """Protobuf's Struct has no whole numbers: 5 arrives as 5.0."""
    match value:
        case dict():
            return {name: with_integers(inner) for name, inner in value.items()}
        case list():
            return [with_integers(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
    return value


def enum_name(enum: Any, number: int) -> str:
    """The name of a value; for one newer than the package, which has none yet, `REASON_12`."""
    return enum.Name(number) if number in enum.values() else f"REASON_{number}"


def varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def varint_field(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def bytes_field(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(value)) + value
