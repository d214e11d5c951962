"""The default engine: `google-generativeai`, through the asynchronous gRPC client that it is built on.

Not `GenerativeModel` (it holds each chunk back by one), not `genai.configure` (a global key: 9 of 1,000 concurrent
requests went out with another user's), not its REST transport (blocking, and it swallows failures in mid-stream).
Measurements: `docs/decisions/0001-the-generativeai-engine.md`.
"""

import asyncio
import itertools
import weakref
from collections.abc import AsyncGenerator, Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import grpc.aio
from google.ai import generativelanguage_v1beta as api
from google.ai.generativelanguage_v1beta.services.generative_service.transports import (
    GenerativeServiceGrpcAsyncIOTransport as ChatTransport,
)
from google.ai.generativelanguage_v1beta.services.model_service.transports import (
    ModelServiceGrpcAsyncIOTransport as ModelsTransport,
)
from google.api_core import exceptions as google
from google.protobuf import json_format
from google.protobuf import message as protobuf
from grpc import ChannelConnectivity as State

from gemini.engines import base
from gemini.engines import generativeai_wire as wire
from gemini.engines.base import Chunk, EngineError, GenerateRequest, ModelInfo

GOOGLE = "generativelanguage.googleapis.com:443"
STREAM = "/google.ai.generativelanguage.v1beta.GenerativeService/StreamGenerateContent"
LOOPBACK = ("localhost", "127.0.0.1", "::1")

# Google allows about a hundred calls on one connection, and channels share connections unless told not to.
CHANNELS = 8
CHANNEL_OPTIONS = [
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", -1),
    # After an outage the next message should not wait for gRPC's two minutes of back-off.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]


class Clients(NamedTuple):
    channel: Any
    chat: Any
    models: Any
    # `chat.stream_generate_content` without its wrappers, which cost a chunk as much as reading it does.
    stream: Any


def open_engine(endpoint: str, proxy: str) -> "GenerativeAIEngine":
    return GenerativeAIEngine(endpoint, proxy)


class GenerativeAIEngine:
    """One for the process; its channels are made once for each event loop and serve every user."""

    def __init__(self, endpoint: str = "", proxy: str = "") -> None:
        self.endpoint = endpoint or GOOGLE
        self.proxy = proxy
        # Only an emulator on this machine may be spoken to without TLS: keys travel with every call.
        self.secure = urlsplit(f"//{self.endpoint}").hostname not in LOOPBACK
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, list[Clients]] = weakref.WeakKeyDictionary()
        self._turn = itertools.count()

    async def stream(self, key: str, request: GenerateRequest) -> AsyncGenerator[Chunk, None]:
        client = await self._connected(key)
        with errors():
            # Popped when it goes out: the call keeps what it was given, which is 12 KB, for as long as it lasts.
            encoded = [wire.encoded_request(request)]
            # The deadline is the total limit; the others are for the silences.
            call = client.stream(encoded, metadata=credentials(key), timeout=base.TOTAL_TIMEOUT)
            silence = Silence(call, base.FIRST_TOKEN_TIMEOUT)
            try:
                while (answer := await silence.ended_by(call.read())) is not grpc.aio.EOF:
                    if answer is None:
                        # gRPC has logged that the bytes are no message, and hands out nothing in its place.
                        raise EngineError("upstream_error", "Unreadable answer.")
                    yield wire.chunk_from_proto(answer)
                    silence.limit = base.BETWEEN_TOKENS_TIMEOUT
            finally:
                silence.stop()
                # Leaving the loop early would keep the call running, and billed.
                call.cancel()

    async def count_tokens(self, key: str, request: GenerateRequest) -> int:
        client = await self._connected(key)
        with errors():
            answer = await client.chat.count_tokens(
                wire.count_request_to_proto(request),
                metadata=credentials(key),
                retry=None,
                timeout=base.UNARY_TIMEOUT,
            )
        return answer.total_tokens

    async def models(self, key: str) -> list[ModelInfo]:
        client = await self._connected(key)
        with errors():
            pages = await client.models.list_models(metadata=credentials(key), retry=None, timeout=base.UNARY_TIMEOUT)
            return [
                ModelInfo(
                    model.name.removeprefix("models/"),
                    model.display_name,
                    model.input_token_limit,
                    model.output_token_limit,
                )
                async for model in pages
                if "generateContent" in model.supported_generation_methods
            ]

    async def aclose(self) -> None:
        for client in self._clients.pop(asyncio.get_running_loop(), []):
            await client.channel.close()

    async def _connected(self, key: str) -> Clients:
        if not key:
            raise EngineError("api_key_missing")
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = [self._open() for _ in range(CHANNELS)]
        clients = self._clients[loop]
        client = clients[next(self._turn) % len(clients)]
        await connect(client.channel)
        return client

    def _open(self) -> Clients:
        if self.secure:
            options = [*CHANNEL_OPTIONS, *([("grpc.http_proxy", self.proxy)] if self.proxy else [])]
            channel = grpc.aio.secure_channel(self.endpoint, grpc.ssl_channel_credentials(), options)
        else:
            channel = grpc.aio.insecure_channel(self.endpoint, [*CHANNEL_OPTIONS, ("grpc.enable_http_proxy", 0)])
        return Clients(
            channel,
            api.GenerativeServiceAsyncClient(transport=ChatTransport(channel=channel)),
            api.ModelServiceAsyncClient(transport=ModelsTransport(channel=channel)),
            channel.unary_stream(
                STREAM, request_serializer=list.pop, response_deserializer=wire.ResponseMessage.FromString
            ),
        )


class Silence:
    """Ends a call that has brought nothing for `limit` seconds.

    One timer that looks when it is due whether anything came meanwhile: setting and taking back a timer for each
    chunk took longer than reading it.
    """

    def __init__(self, call: Any, limit: float) -> None:
        self.call = call
        self.limit = limit
        self.over = False
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._timer = self._loop.call_at(self._heard + limit, self._look)

    async def ended_by(self, reading: Awaitable[Any]) -> Any:
        """What was read. Raises TimeoutError when the silence was too long."""
        try:
            answer = await reading
        except asyncio.CancelledError:
            task = asyncio.current_task()
            # Whoever reads may have been cancelled too, which comes first.
            if self.over and not (task and task.cancelling()):
                raise TimeoutError from None
            raise
        self._heard = self._loop.time()
        return answer

    def stop(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        due = self._heard + self.limit
        if self._loop.time() < due:
            self._timer = self._loop.call_at(due, self._look)
        else:
            self.over = True
            self.call.cancel()


def credentials(key: str) -> list[tuple[str, str]]:
    return [("x-goog-api-key", key)]


async def connect(channel: Any) -> None:
    """Returns once the channel can carry a call; an attempt to connect that fails is not waited out."""
    state = channel.get_state(try_to_connect=True)
    if state is State.READY:
        return
    # A failure seen first is an earlier one: the back-off after it is short, and then comes another attempt.
    tried = False
    try:
        async with asyncio.timeout(base.CONNECT_TIMEOUT):
            while state is not State.READY:
                if state is State.TRANSIENT_FAILURE and tried:
                    raise EngineError("upstream_error", "The connection was refused.", transient=True)
                await channel.wait_for_state_change(state)
                tried = True
                state = channel.get_state(try_to_connect=True)
    except TimeoutError as error:
        raise EngineError("upstream_error", "No connection in time.", transient=True) from error


@contextmanager
def errors() -> Iterator[None]:
    """Whatever the SDK raises leaves as `EngineError`."""
    try:
        yield
    except TimeoutError as error:
        raise EngineError("timeout", "Gemini stopped answering.") from error
    except grpc.RpcError as error:
        raise translated(google.from_grpc_error(error)) from error
    except google.GoogleAPICallError as error:
        raise translated(error) from error
    except (json_format.ParseError, protobuf.DecodeError, TypeError, ValueError) as error:
        raise EngineError("upstream_error", f"Unreadable: {error}") from error


def translated(error: Any) -> EngineError:
    status = error.grpc_status_code.name if error.grpc_status_code else ""
    http_status = int(error.code or 500)
    code = base.code_for(http_status, status, error.reason or "")
    if code == "model_overloaded" and any(
        mark in error.message for mark in ("Socket closed", "failed to connect", "Stream removed", "GOAWAY")
    ):
        # gRPC says UNAVAILABLE of a broken connection too, and no model is overloaded by that.
        code = "upstream_error"
    delays = [detail.retry_delay for detail in error.details if hasattr(detail, "retry_delay")]
    after = delays[0].seconds + delays[0].nanos / 1e9 if delays else None
    if code == "quota_exceeded":
        after = base.quota_returns_in(after, str(error.details))
    return EngineError(code, error.message, after, transient=http_status in base.TRANSIENT_STATUSES)
