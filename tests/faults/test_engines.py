"""The second engine in the real server: one setting and another endpoint, and all else is as before."""

import httpx
import pytest

from tests.processes import Server
from tests.visitor import Visitor


@pytest.fixture
def server(upstream):
    with Server(upstream, GEMINI_ENGINE="genai") as server:
        yield server
        assert "Traceback" not in server.log(), server.log()


async def test_a_message_is_answered_over_rest(server, alice: Visitor, upstream):
    upstream.clear_log()
    _, reply = await alice.begin("Ответь [[words 30]]")
    row = await alice.until(reply, "done", "failed")
    assert row["content"].endswith("слово30")
    assert row["tokens_used"]
    assert {entry["key"] for entry in upstream.log()} == {"test-server-key"}


async def test_a_stop_ends_the_call_at_the_other_side(server, alice: Visitor, upstream):
    _, reply = await alice.begin("Стой [[words 2000]] [[pace 0.05]]")
    async for event in alice.follow(reply):
        if event.name == "tail" and event.data:
            break
    await alice.post(f"messages/{reply}/stop/")
    assert (await alice.until(reply, "stopped"))["content"]
    # Beside it a title was asked for.
    outcomes = [entry["outcome"] for entry in upstream.log() if entry["prompt"].startswith("Стой")]
    assert "cancelled" in outcomes


def test_the_demo_model_answers_over_rest_too():
    with Server(None, GEMINI_ENGINE="genai", GEMINI_DEMO="auto") as server:
        [key] = server.sign_in("bob")
        answered = httpx.post(
            f"{server.url}/api/v1/gemini/api/generate_response/",
            json={"prompt": "Привет"},
            headers={"Authorization": f"Session {key}"},
            timeout=30,
        )
    assert answered.status_code == 200, answered.text
    assert "демонстрационная модель" in answered.text
