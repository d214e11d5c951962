"""The second engine: `google-genai`, over REST, for networks where only plain HTTPS to a gateway works.

An optional extra: `pip install 'gemini-chat[genai]'`, `GEMINI_ENGINE=genai`. What it costs and what had to be kept from
it: `docs/decisions/0009-the-genai-engine.md`.
"""

import asyncio
import base64
import weakref
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx2
from google import genai
from google.genai import errors as google
from google.genai import types

from gemini.engines import base
from gemini.engines.base import Chunk, EngineError, GenerateRequest, ModelInfo, Usage
from gemini.engines.genai_connections import NOBODYS_KEY, TLS, open_connections, opened_now
from gemini.engines.wire import body_of

GOOGLE = "https://generativelanguage.googleapis.com"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# The SDK's default for it has no thoughts and no signatures of functions.
API_VERSION = "v1beta"

# Google's limit; one page holds every model there is.
MODELS_PAGE = 1_000
# Of a gateway's page of HTML, how much goes to the log.
LONGEST_DETAIL = 300


def open_engine(endpoint: str, proxy: str) -> "GenAIEngine":
    return GenAIEngine(endpoint, proxy)


class Clients(NamedTuple):
    http: httpx2.AsyncClient
    sdk: Any


class GenAIEngine:
    """One for the process, with a client for each event loop. No client has a user's key: it travels with each call."""

    def __init__(self, endpoint: str = "", proxy: str = "") -> None:
        self.endpoint = endpoint or GOOGLE
        self.proxy = proxy
        url = httpx2.URL(self.endpoint)
        self.is_loopback = url.host in LOOPBACK
        # Only an emulator on this machine may be spoken to without TLS: keys travel with every call.
        self.is_safe = url.scheme == "https" or (url.scheme == "http" and self.is_loopback)
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Clients] = weakref.WeakKeyDictionary()

    async def stream(self, key: str, request: GenerateRequest) -> AsyncGenerator[Chunk, None]:
        client = self._client(key)
        now = asyncio.get_running_loop().time
        ends, silence = now() + base.TOTAL_TIMEOUT, base.FIRST_TOKEN_TIMEOUT
        opened: list[httpx2.Response] = []
        answers = await client.models.generate_content_stream(
            model=request.model, contents=IN_THE_BODY, config=call_config(key, body_of(request))
        )
        try:
            while True:
                with errors():
                    try:
                        async with asyncio.timeout(min(silence, ends - now())):
                            answer = await next_of(answers, opened)
                    except StopAsyncIteration:
                        return
                    chunk = chunk_of(answer)
                yield chunk
                silence = base.BETWEEN_TOKENS_TIMEOUT
        finally:
            # Leaving its generator early keeps the SDK's response open, and billed, until the garbage is collected.
            for response in opened:
                await response.aclose()
            await answers.aclose()

    async def count_tokens(self, key: str, request: GenerateRequest) -> int:
        client = self._client(key)
        model = f"models/{request.model.removeprefix('models/')}"
        # Contents beside it would be counted in its place.
        body = {"contents": [], "generateContentRequest": {"model": model, **body_of(request)}}
        config = {"http_options": call_options(key) | {"extra_body": body}}
        with errors():
            async with asyncio.timeout(base.UNARY_TIMEOUT):
                answer = await client.models.count_tokens(model=request.model, contents=IN_THE_BODY, config=config)
        return answer.total_tokens or 0

    async def models(self, key: str) -> list[ModelInfo]:
        client = self._client(key)
        config = {"page_size": MODELS_PAGE, "http_options": call_options(key)}
        with errors():
            async with asyncio.timeout(base.UNARY_TIMEOUT):
                return [
                    ModelInfo(
                        (model.name or "").removeprefix("models/"),
                        model.display_name or "",
                        model.input_token_limit or 0,
                        model.output_token_limit or 0,
                    )
                    async for model in await client.models.list(config=config)
                    if "generateContent" in (model.supported_actions or ())
                ]

    async def aclose(self) -> None:
        if clients := self._clients.pop(asyncio.get_running_loop(), None):
            await clients.http.aclose()

    def _client(self, key: str) -> Any:
        if not key:
            raise EngineError("api_key_missing")
        if not self.is_safe:
            raise EngineError("upstream_error", "GEMINI_API_ENDPOINT must begin with https://.")
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = self._open()
        return self._clients[loop].sdk

    def _open(self) -> Clients:
        http = open_connections(self.proxy, is_loopback=self.is_loopback)
        options = types.HttpOptions(
            base_url=self.endpoint,
            api_version=API_VERSION,
            httpx_async_client=http,
            # Never used; made by the SDK it would read the certificates once more.
            httpx_client=httpx2.Client(verify=TLS, trust_env=False),
            client_args={"verify": TLS},
        )
        # Said outright, or the environment's GOOGLE_GENAI_USE_VERTEXAI would decide.
        return Clients(http, genai.Client(vertexai=False, api_key=NOBODYS_KEY, http_options=options).aio)


# The SDK takes contents through classes of its own, which know only what was there when it was published, and give
# bytes back in another alphabet. What we have is the body's JSON already: it goes out as it is.
IN_THE_BODY = "-"


def call_options(key: str) -> dict[str, Any]:
    return {"headers": {"x-goog-api-key": key}}


def call_config(key: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "http_options": call_options(key) | {"extra_body": body},
        # Both send requests of their own accord.
        "automatic_function_calling": {"disable": True},
        "automatic_continuation": False,
    }


async def next_of(answers: Any, opened: list[httpx2.Response]) -> Any:
    """The next answer; a response that is opened for it is put into the list."""
    token = opened_now.set(opened)
    try:
        return await anext(answers)
    finally:
        opened_now.reset(token)


def chunk_of(answer: Any) -> Chunk:
    chunk = Chunk(model_version=answer.model_version or "")
    if answer.prompt_feedback and answer.prompt_feedback.block_reason:
        chunk.block_reason = answer.prompt_feedback.block_reason.value
    if usage := answer.usage_metadata:
        chunk.usage = Usage(
            usage.prompt_token_count or 0, usage.candidates_token_count or 0, usage.total_token_count or 0
        )
    for candidate in (answer.candidates or ())[:1]:
        if candidate.finish_reason:
            chunk.finish_reason = candidate.finish_reason.value
            chunk.safety_ratings = [as_json(rating) for rating in candidate.safety_ratings or ()]
        for part in (candidate.content and candidate.content.parts) or ():
            chunk.parts.append(read_part(part))
            if part.text and not part.thought:
                chunk.text += part.text
    return chunk


def read_part(part: Any) -> dict[str, Any]:
    json = {"text": part.text} if part.text is not None else as_json(part)
    if "functionCall" in json:
        json["functionCall"].setdefault("args", {})
    if part.thought:
        json["thought"] = True
    if part.thought_signature:
        # In the standard alphabet, as Google sent it; the SDK's own JSON has the one for URLs.
        json["thoughtSignature"] = base64.b64encode(part.thought_signature).decode()
    return json


def as_json(thing: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = thing.model_dump(mode="json", by_alias=True, exclude_none=True)
    return dumped


@contextmanager
def errors() -> Iterator[None]:
    """Whatever the SDK raises leaves as `EngineError`."""
    try:
        yield
    except TimeoutError as error:
        raise EngineError("timeout", "Gemini stopped answering.") from error
    except google.APIError as error:
        raise translated(error) from error
    except httpx2.HTTPError as error:
        # The connection was refused, cut, or never free: nothing that a model said.
        raise EngineError("upstream_error", f"{type(error).__name__}: {error}", transient=True) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The words of these quote the answer, which belongs in no log: so does the chain of a traceback.
        raise EngineError("upstream_error", f"Unreadable answer ({type(error).__name__}).") from None


def translated(error: google.APIError) -> EngineError:
    details = details_of(error.details)
    reason = next((str(detail["reason"]) for detail in details if detail.get("reason")), "")
    code = base.code_for(error.code, error.status or "", reason)
    after = next((seconds(detail["retryDelay"]) for detail in details if "retryDelay" in detail), None)
    if code == "quota_exceeded":
        after = base.quota_returns_in(after, str(details))
    message = str(error.message or error.status or "")[:LONGEST_DETAIL]
    return EngineError(code, message, after, transient=error.code in base.TRANSIENT_STATUSES)


def details_of(body: Any) -> list[dict[str, Any]]:
    """The typed details of an error, as far as a body has any: a gateway's own has not."""
    error = body.get("error") if isinstance(body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [detail for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []


def seconds(duration: Any) -> float | None:
    """Of protobuf's JSON: "7s", "0.100s"."""
    try:
        return float(str(duration).removesuffix("s"))
    except ValueError:
        return None


def warm_up() -> None:
    """Has the SDK build its classes, which it puts off until they are used: up to 0.8 s for the first answer."""
    candidate = {
        "content": {"parts": [{"text": "."}]},
        "finishReason": "STOP",
        "safetyRatings": [{"probability": "LOW"}],
    }
    answer = {"candidates": [candidate], "promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {}}
    chunk_of(types.GenerateContentResponse.model_validate(answer))
    types.GenerateContentConfig.model_validate(call_config(NOBODYS_KEY, {}))
    types.ListModelsResponse.model_validate({"models": [{"name": "."}]})


# With the import, in the thread where that happens, and not on the event loop.
warm_up()
