"""The model over gRPC: `GenerativeService` and `ModelService` of google.ai.generativelanguage.v1beta."""

import asyncio
import base64
from typing import Any

import grpc.aio
from google.ai import generativelanguage_v1beta as api
from google.protobuf import json_format, unknown_fields

from emulators.gemini import model as models
from emulators.gemini.answers import count_tokens
from emulators.gemini.failures import Refusal

PACKAGE = "google.ai.generativelanguage.v1beta"
# Google's front ends carry about a hundred calls on a connection.
OPTIONS = [("grpc.max_concurrent_streams", 100), ("grpc.so_reuseport", 0)]
THOUGHT_SIGNATURE = 13

Request = api.GenerateContentRequest.pb()
Response = api.GenerateContentResponse.pb()


def server_for(model: models.Model) -> Any:
    async def stream(request: Any, context: Any) -> Any:
        arrived = asyncio.get_running_loop().time()
        body = body_of(request)
        malformed = "[[fail malformed" in models.text_of(body["contents"][-1:])
        try:
            async for chunk in model.generate("streamGenerateContent", key_of(context), body, arrived):
                # Bytes that are no message: a length that promises more than there is.
                yield b"\x0a\xff" if malformed else response_of(chunk)
        except Refusal as refusal:
            await refuse(context, refusal)

    async def generate(request: Any, context: Any) -> bytes:
        arrived = asyncio.get_running_loop().time()
        try:
            body = body_of(request)
            answer = model.generate("generateContent", key_of(context), body, arrived)
            chunks = [chunk async for chunk in answer]
            return response_of(models.joined(chunks))
        except Refusal as refusal:
            await refuse(context, refusal)
            raise

    async def count(request: Any, context: Any) -> Any:
        try:
            model.check_key(key_of(context))
        except Refusal as refusal:
            await refuse(context, refusal)
        inner = request.generate_content_request
        body = body_of(inner if inner.contents else request)
        text = models.text_of([*body["contents"], body.get("systemInstruction") or {}])
        return api.CountTokensResponse.pb()(total_tokens=count_tokens(text))

    async def list_models(request: Any, context: Any) -> Any:
        try:
            model.check_key(key_of(context))
        except Refusal as refusal:
            await refuse(context, refusal)
        page = models.models_page(request.page_size or 50, request.page_token)
        return json_format.ParseDict(page, api.ListModelsResponse.pb()(), ignore_unknown_fields=True)

    async def get_model(request: Any, context: Any) -> Any:
        name = request.name.removeprefix("models/")
        try:
            model.check_key(key_of(context))
            model.check_model(name)
        except Refusal as refusal:
            await refuse(context, refusal)
        return json_format.ParseDict(models.model_as_json(name), api.Model.pb()(), ignore_unknown_fields=True)

    def unary(handler: Any, request: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(
            handler, request_deserializer=request.FromString, response_serializer=serialized
        )

    server = grpc.aio.server(options=OPTIONS)
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler(
                f"{PACKAGE}.GenerativeService",
                {
                    "StreamGenerateContent": grpc.unary_stream_rpc_method_handler(
                        stream, request_deserializer=Request.FromString, response_serializer=serialized
                    ),
                    "GenerateContent": unary(generate, Request),
                    "CountTokens": unary(count, api.CountTokensRequest.pb()),
                },
            ),
            grpc.method_handlers_generic_handler(
                f"{PACKAGE}.ModelService",
                {
                    "ListModels": unary(list_models, api.ListModelsRequest.pb()),
                    "GetModel": unary(get_model, api.GetModelRequest.pb()),
                },
            ),
        )
    )
    return server


def serialized(message: Any) -> bytes:
    return message if isinstance(message, bytes) else message.SerializeToString()


def key_of(context: Any) -> str:
    return dict(context.invocation_metadata()).get("x-goog-api-key", "")


async def refuse(context: Any, refusal: Refusal) -> None:
    details = (("grpc-status-details-bin", refusal.as_rpc_status()),)
    await context.abort(getattr(grpc.StatusCode, refusal.status), refusal.message, trailing_metadata=details)


def body_of(request: Any) -> dict[str, Any]:
    """The REST JSON of a request, with the signatures that this version of the package does not know."""
    body = with_integers(json_format.MessageToDict(request))
    body.setdefault("contents", [])
    for content, json in zip(request.contents, body["contents"], strict=True):
        for part, original in zip(content.parts, json.setdefault("parts", []), strict=True):
            for field in unknown_fields.UnknownFieldSet(part):
                if field.field_number == THOUGHT_SIGNATURE:
                    original["thoughtSignature"] = base64.b64encode(field.data).decode()
    return body


def with_integers(value: Any) -> Any:
    """Numbers as the caller wrote them: on the way every one became a float."""
    match value:
        case dict():
            return {name: with_integers(inner) for name, inner in value.items()}
        case list():
            return [with_integers(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
    return value


def response_of(chunk: models.Answer) -> bytes:
    message = json_format.ParseDict(without_newer(chunk), Response(), ignore_unknown_fields=True)
    for candidate, original in zip(message.candidates, chunk.get("candidates", []), strict=True):
        if isinstance(original.get("finishReason"), int):
            candidate.finish_reason = original["finishReason"]
        for part, source in zip(candidate.content.parts, original["content"]["parts"], strict=True):
            if signature := source.get("thoughtSignature"):
                value = base64.b64decode(signature)
                part.MergeFromString(bytes([THOUGHT_SIGNATURE << 3 | 2, len(value)]) + value)
    return message.SerializeToString()


def without_newer(chunk: models.Answer) -> models.Answer:
    """A finish reason that is a bare number is newer than the package's enumeration, and set by number."""
    candidates = [
        {name: value for name, value in candidate.items() if name != "finishReason" or isinstance(value, str)}
        for candidate in chunk.get("candidates", [])
    ]
    return chunk | {"candidates": candidates}
