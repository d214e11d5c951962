"""What concerns this engine alone: where a key may go, and what its SDK would otherwise do of its own accord."""

import asyncio
import base64
import gc
from contextlib import suppress

import pytest
from google.genai import types

from emulators.serving import HttpEmulator, Reply
from gemini.engines import EngineError, GenerateRequest, genai
from gemini.engines.genai import GOOGLE, open_engine

REQUEST = GenerateRequest("gemini-flash-latest", [{"role": "user", "parts": [{"text": "Привет"}]}])


class Gateway(HttpEmulator):
    """An HTTP gateway with habits of its own."""

    reply = Reply({"error": {"code": 500, "message": "Internal", "status": "INTERNAL"}}, 500)

    def answer(self, request):
        return self.reply


@pytest.fixture
async def gateway():
    gateway = await Gateway().start()
    yield gateway
    await gateway.stop()


@pytest.fixture
async def engine(gateway):
    engine = open_engine(gateway.address, "")
    yield engine
    await engine.aclose()


async def failure(engine, key="test-key"):
    with pytest.raises(EngineError) as raised:
        [chunk async for chunk in engine.stream(key, REQUEST)]
    return raised.value


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:8090", "http://localhost:8090", "https://gateway.example/x", ""]
)
def test_keys_go_over_tls_or_to_this_machine(endpoint):
    assert open_engine(endpoint, "").is_safe


@pytest.mark.parametrize("endpoint", ["http://gateway.example", "http://127.0.0.1.example", "127.0.0.1:8090"])
async def test_to_any_other_address_no_key_goes(endpoint):
    error = await failure(open_engine(endpoint, ""))
    assert "https" in str(error)


def test_without_an_endpoint_it_is_google():
    assert open_engine("", "").endpoint == GOOGLE


async def test_a_redirect_is_not_followed_with_the_key(gateway, engine):
    gateway.reply = Reply({}, 307, {"Location": f"{gateway.address}/elsewhere"})
    assert (await failure(engine)).code == "upstream_error"
    assert [entry["path"] for entry in gateway.log] == ["/v1beta/models/gemini-flash-latest:streamGenerateContent"]


async def test_what_a_gateway_sets_for_one_user_is_not_sent_for_the_next(gateway, engine):
    gateway.reply = Reply({}, 500, {"Set-Cookie": "user=1; Path=/"})
    await failure(engine)
    await failure(engine, "test-other")
    assert ["cookie" in entry["headers"] for entry in gateway.log] == [False, False]


@pytest.mark.parametrize("through", ["directly", "a proxy"])
async def test_a_handshake_that_is_cancelled_leaves_no_socket_to_the_garbage_collector(through):
    greeted, closed = asyncio.Event(), asyncio.Event()

    async def listen(reader, writer):
        """Takes the connection, and never answers in TLS."""
        if (await reader.read(1024)).startswith(b"CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await reader.read(1024)
        greeted.set()
        with suppress(ConnectionError):
            await reader.read()
        closed.set()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as listener:
        address = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        engine = open_engine(*((f"https://{address}", "") if through == "directly" else ("", f"http://{address}")))
        gc.disable()
        try:
            asking = asyncio.create_task(failure(engine))
            await asyncio.wait_for(greeted.wait(), 5)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await asyncio.wait_for(closed.wait(), 5)
        finally:
            gc.enable()
        await engine.aclose()


async def test_the_environments_key_is_never_used(gateway, engine, monkeypatch):
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, "test-of-the-environment")
    await failure(engine)
    assert (await failure(engine, "")).code == "api_key_missing"
    assert [entry["headers"]["x-goog-api-key"] for entry in gateway.log] == ["test-key"]


async def test_a_call_that_lost_its_key_is_stopped_before_it_leaves(gateway, engine, monkeypatch):
    monkeypatch.setattr(genai, "call_options", lambda key: {})
    assert (await failure(engine)).code == "api_key_missing"
    assert not gateway.log


async def test_the_sdk_repeats_nothing_by_itself(gateway, engine):
    gateway.reply = Reply(b"<html>Bad Gateway</html>" * 100, 503, content_type="text/html")
    error = await failure(engine)
    assert (error.code, error.transient, len(gateway.log)) == ("model_overloaded", True, 1)
    assert len(str(error)) <= genai.LONGEST_DETAIL


async def test_an_unreadable_answer_is_not_quoted(gateway, engine):
    gateway.reply = Reply(b'data: {"secret words', content_type="text/event-stream")
    error = await failure(engine)
    assert error.code == "upstream_error"
    assert "secret" not in repr(error) + repr(error.__cause__)


async def test_a_reason_to_go_on_makes_no_second_request(gateway, engine):
    candidate = {"finishReason": "CONTINUATION", "continuationToken": "bW9yZQ==", "content": {"parts": [{"text": "а"}]}}
    gateway.reply = Reply({"candidates": [candidate]})
    [chunk] = [chunk async for chunk in engine.stream("test-key", REQUEST)]
    assert (chunk.finish_reason, len(gateway.log)) == ("CONTINUATION", 1)


async def test_a_proxy_carries_the_call(gateway):
    engine = open_engine("http://localhost:9", gateway.address)
    await failure(engine)
    assert len(gateway.log) == 1
    await engine.aclose()


def test_a_signature_keeps_googles_alphabet():
    signed = base64.b64encode(bytes([251, 255, 191])).decode()
    assert signed == "+/+/"
    body = {"candidates": [{"content": {"parts": [{"text": "да", "thoughtSignature": signed}]}}]}
    answer = types.GenerateContentResponse._from_response(response=body, kwargs={})
    assert genai.chunk_of(answer).parts == [{"text": "да", "thoughtSignature": signed}]


def test_thoughts_are_kept_as_parts_and_are_no_text():
    parts = [{"text": "думаю", "thought": True}, {"text": "ответ"}]
    body = {"candidates": [{"content": {"parts": parts}}]}
    chunk = genai.chunk_of(types.GenerateContentResponse._from_response(response=body, kwargs={}))
    assert (chunk.text, chunk.parts) == ("ответ", parts)
