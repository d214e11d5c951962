"""What every engine must do, against the emulator's real protocols."""

import asyncio
import itertools
import time
from contextlib import aclosing

import pytest

from gemini.engines import EngineError, GenerateRequest, base, stream_with_retries
from tests.processes import wait_until

KEY = "test-engine-key"


def ask(text, model="gemini-flash-latest", **options):
    return GenerateRequest(model=model, contents=[{"role": "user", "parts": [{"text": text}]}], **options)


async def gather(engine, request, key=KEY):
    return [chunk async for chunk in engine.stream(key, request)]


async def failure(engine, text, key=KEY):
    with pytest.raises(EngineError) as raised:
        await gather(engine, ask(text), key)
    return raised.value


async def test_chunks_arrive_one_by_one_as_they_are_sent(engine):
    times = []
    async for _ in engine.stream(KEY, ask("[[words 30]] [[pace 0.05]]")):
        times.append(time.monotonic())
    assert len(times) == 10
    # Sent within 0.45 s. On a busy machine two may arrive together; held back, all of them would.
    assert times[-1] - times[0] > 0.25
    assert sum(after - before > 0.02 for before, after in itertools.pairwise(times)) >= 5


async def test_the_last_chunk_tells_reason_usage_and_ratings(engine):
    chunks = await gather(engine, ask("[[words 6]]"))
    assert "".join(chunk.text for chunk in chunks) == " ".join(f"слово{n}" for n in range(1, 7))
    last = chunks[-1]
    assert (last.finish_reason, last.model_version) == ("STOP", "gemini-flash-latest")
    assert last.usage.total == last.usage.prompt + last.usage.answer > 0
    assert last.safety_ratings


async def test_history_and_system_instruction_arrive(engine):
    contents = [
        {"role": "user", "parts": [{"text": "Раз"}]},
        {"role": "model", "parts": [{"text": "Два"}]},
        {"role": "user", "parts": [{"text": "Что дальше"}]},
    ]
    request = GenerateRequest("gemini-flash-latest", contents, system="Будь краток.")
    text = "".join(chunk.text for chunk in await gather(engine, request))
    assert "сообщение номер 2" in text
    assert "Системную инструкцию я вижу" in text


async def test_a_length_is_kept(engine):
    chunks = await gather(engine, ask("[[words 500]]", generation_config={"maxOutputTokens": 5}))
    assert chunks[-1].finish_reason == "MAX_TOKENS"


@pytest.mark.parametrize(
    ("kind", "code", "retry_after"),
    [
        ("key", "api_key_invalid", None),
        ("leaked", "api_key_invalid", None),
        ("region", "region_unsupported", None),
        ("404", "model_unavailable", None),
        ("429 retry=7", "quota_exceeded", 7),
        ("429-day", "quota_exceeded", 52_758),
        ("500", "upstream_error", None),
        ("503", "model_overloaded", None),
        ("504", "timeout", None),
        ("cut", "upstream_error", None),
        ("cut @2", "upstream_error", None),
        ("503 @2", "model_overloaded", None),
        ("malformed", "upstream_error", None),
    ],
)
async def test_every_failure_leaves_as_one_error_with_its_word(engine, kind, code, retry_after):
    error = await failure(engine, f"[[words 20]] [[fail {kind}]]")
    assert (error.code, error.retry_after) == (code, retry_after)
    assert KEY not in str(error)


async def test_a_key_is_checked_and_none_is_made_up(engine):
    assert (await failure(engine, "Привет", key="AIza-wrong")).code == "api_key_invalid"
    assert (await failure(engine, "Привет", key="")).code == "api_key_missing"


async def test_a_refused_prompt_and_newer_reasons_are_no_errors(engine):
    [chunk] = await gather(engine, ask("[[fail blocked]]"))
    assert chunk.block_reason == "SAFETY"
    assert (await gather(engine, ask("[[words 9]] [[fail reason-12]]")))[-1].finish_reason == "REASON_12"
    assert not (await gather(engine, ask("[[words 9]] [[fail no-finish]]")))[-1].finish_reason


async def test_an_answer_that_never_ends_is_ended(engine, monkeypatch):
    monkeypatch.setattr(base, "TOTAL_TIMEOUT", 1)
    began = time.monotonic()
    assert (await failure(engine, "[[words 9000]] [[pace 0.05]]")).code == "timeout"
    assert time.monotonic() - began < 5


async def test_silence_ends_in_a_timeout(engine, emulator_process, monkeypatch):
    # Long enough for a connection to be made in on a busy machine.
    monkeypatch.setattr(base, "FIRST_TOKEN_TIMEOUT", 1)
    monkeypatch.setattr(base, "BETWEEN_TOKENS_TIMEOUT", 1)
    for text in ("[[fail stall]]", "[[words 20]] [[fail stall @2]]"):
        began = time.monotonic()
        assert (await failure(engine, text)).code == "timeout"
        assert time.monotonic() - began < 5
    wait_until(lambda: [e["outcome"] for e in emulator_process.log()][-2:] == ["cancelled", "cancelled"], 3)


async def test_a_refused_connection_is_known_at_once(open_engine, engine_name):
    engine = open_engine("http://127.0.0.1:9" if engine_name == "genai" else "127.0.0.1:9", "")
    began = time.monotonic()
    assert (await failure(engine, "Привет")).transient
    assert time.monotonic() - began < 3
    await engine.aclose()


async def test_leaving_early_ends_the_call_at_the_other_side(engine, emulator_process):
    emulator_process.clear_log()
    async with aclosing(engine.stream(KEY, ask("[[words 900]] [[pace 0.05]]"))) as chunks:
        async for _ in chunks:
            break
    for _ in range(50):
        [entry] = await asyncio.to_thread(emulator_process.log)
        if entry["outcome"] == "cancelled":
            return
        await asyncio.sleep(0.02)
    pytest.fail(str(entry))


async def test_keys_of_many_calls_at_once_are_never_mixed_up(engine):
    async def tail(key):
        return "".join([chunk.text async for chunk in engine.stream(key, ask("[[key]]"))])

    keys = [f"test-{n:04}" for n in range(200)]
    assert await asyncio.gather(*map(tail, keys)) == [key[-4:] for key in keys]


async def test_two_keys_take_turns_in_a_thousand_calls_and_none_goes_out_with_the_others(engine, emulator_process):
    emulator_process.clear_log()
    at_once = asyncio.Semaphore(250)

    async def said(number):
        async with at_once:
            request = ask(f"[[key]] {number}")
            return "".join([chunk.text async for chunk in engine.stream(f"test-owner-{number % 2}", request)])

    assert await asyncio.gather(*map(said, range(1_000))) == ["er-0", "er-1"] * 500
    sent = await asyncio.to_thread(emulator_process.log)
    assert len(sent) == 1_000
    assert all(entry["key"] == f"test-owner-{int(entry['prompt'].split()[1]) % 2}" for entry in sent)


async def test_models_are_listed_without_those_that_cannot_chat(engine):
    models = {model.name: model for model in await engine.models(KEY)}
    assert models["gemini-flash-latest"].input_limit == 1_048_576
    assert "gemini-embedding-001" not in models


async def test_tokens_are_counted(engine):
    assert await engine.count_tokens(KEY, ask("слово " * 100)) > 50


@pytest.mark.parametrize(("text", "tries"), [("[[fail 503 x2]] [[words 1]]", 3), ("[[fail 429 retry=0.1 x1]] да", 2)])
async def test_a_passing_failure_is_tried_again_before_the_first_token(
    engine, engine_name, emulator_process, monkeypatch, text, tries
):
    monkeypatch.setattr(base, "RETRY_DELAYS", (0.05, 0.05))
    emulator_process.clear_log()
    # The emulator counts the failures of a prompt: each engine has one of its own.
    chunks = [chunk async for chunk in stream_with_retries(engine, KEY, ask(f"{text} {engine_name}"))]
    assert chunks[-1].finish_reason == "STOP"
    assert len(emulator_process.log()) == tries


@pytest.mark.parametrize("text", ["[[fail 503]]", "[[fail 429-day]]", "[[fail key]]", "[[words 9]] [[fail 503 @1]]"])
async def test_what_does_not_pass_is_reported_and_not_repeated_for_ever(engine, emulator_process, monkeypatch, text):
    monkeypatch.setattr(base, "RETRY_DELAYS", (0.05, 0.05))
    emulator_process.clear_log()
    with pytest.raises(EngineError):
        [chunk async for chunk in stream_with_retries(engine, KEY, ask(text))]
    assert len(emulator_process.log()) == (3 if text == "[[fail 503]]" else 1)
