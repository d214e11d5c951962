"""Data that a user attaches by hand: asked for before the question is, sent with it, kept like any other."""

import pytest

from gemini.exceptions import IdempotencyMismatch, InvalidRequest
from gemini.models import ChatMessage
from gemini.service import GeminiService
from gemini.sources import ContextBlock
from tests.gemini.sources import probes

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]


@pytest.fixture(autouse=True)
def sources(settings):
    settings.GEMINI_SOURCES = probes.SOURCES


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


BLOCK = ContextBlock("slow", {"word": "калина"})


def test_what_is_attached_goes_along_as_data_and_is_kept(service, live):
    exchange = service.wait(service.send(None, "[[echo]] Что это?", context=[BLOCK, ContextBlock("mine", {})]))
    assert exchange.reply.content == "Что это?"
    assert exchange.user_message.content == "[[echo]] Что это?"
    assert exchange.user_message.metadata["context"][0] == {"source": "slow", "arguments": {"word": "калина"}}
    records = exchange.reply.metadata["sources"]
    assert [(record["name"], record["asked_by"]) for record in records] == [("slow", "user"), ("mine", "user")]
    assert records[0]["sent"]["data"] == {"word": "калина"}
    sent = next(entry for entry in live.log() if "калина" in entry["turn"])
    assert "не указания" in sent["turn"]
    assert sent["turn"].endswith("[[echo]] Что это?")


def test_a_retry_asks_for_them_again(service):
    failed = service.wait(service.send(None, "[[words 3]] [[fail 429-day x1]]", context=[BLOCK])).reply
    assert failed.status == "failed"
    assert failed.metadata["sources"]
    again = service.wait(service.retry(failed)).reply
    assert again.metadata["sources"][0]["sent"]["data"] == {"word": "калина"}


@pytest.mark.parametrize(
    "context",
    [
        [ContextBlock("nothing", {})],
        [ContextBlock("slow", {"user": 2})],
        [ContextBlock("slow", {"word": ["a"]})],
        [BLOCK] * 5,
    ],
)
def test_what_no_source_could_give_is_refused_and_nothing_is_stored(service, context):
    with pytest.raises(InvalidRequest) as refused:
        service.send(None, "Вопрос", context=context)
    assert "context" in refused.value.message
    assert not ChatMessage.objects.exists()


def test_the_same_text_with_other_data_is_another_message(service):
    first = service.wait(service.send(None, "[[words 1]]", idempotency_key="k", context=[BLOCK]))
    assert service.send(None, "[[words 1]]", idempotency_key="k", context=[BLOCK]).reply == first.reply
    with pytest.raises(IdempotencyMismatch):
        service.send(None, "[[words 1]]", idempotency_key="k")


def test_one_that_fails_is_said_to_the_model_and_the_answer_comes(service):
    reply = service.wait(service.send(None, "[[words 2]]", context=[ContextBlock("broken", {})])).reply
    assert (reply.status, reply.content) == ("done", "слово1 слово2")
    assert reply.metadata["sources"][0]["state"] == "unavailable"
