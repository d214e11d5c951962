"""While a source is asked: what the reader sees, and what a stop and a drain leave."""

import asyncio

import pytest

from gemini.models import GeminiCall
from gemini.replies import runtime, upkeep
from gemini.service import GeminiService
from tests.gemini.sources import probes
from tests.processes import wait_until

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]


@pytest.fixture(autouse=True)
def sources(settings, monkeypatch):
    settings.GEMINI_SOURCES = probes.SOURCES
    monkeypatch.setattr(probes.Slow, "running", [0])


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


def begin_slow(service, monkeypatch, text="[[says]] [[call slow {}]]"):
    monkeypatch.setattr(probes.Slow, "seconds", 30)
    exchange = service.send(None, text)
    wait_until(lambda: probes.Slow.running == [1])
    return exchange


def test_a_stop_while_a_source_is_asked_keeps_the_text_and_leaves_nothing_running(service, monkeypatch):
    exchange = begin_slow(service, monkeypatch)
    assert runtime.live[exchange.reply.pk].activity == "Смотрю пробу…"
    stopped = service.stop(exchange.reply)
    assert (stopped.status, stopped.content) == ("stopped", "Сейчас посмотрю.")
    assert probes.Slow.running == [0]
    assert GeminiCall.objects.filter(purpose="reply").count() == 1
    again = service.retry(stopped).reply
    assert again.status == "generating"
    service.stop(again)


def test_a_drain_while_a_source_is_asked_ends_as_anywhere_else(service, monkeypatch):
    exchange = begin_slow(service, monkeypatch)
    runtime.call(upkeep.drain(0.1))
    assert service.wait(exchange).reply.status == "interrupted"
    assert exchange.reply.content == "Сейчас посмотрю."
    assert probes.Slow.running == [0]


async def test_viewers_see_what_is_looked_up_and_a_new_one_sees_it_too(alice, monkeypatch):
    monkeypatch.setattr(probes.Slow, "seconds", 1.0)
    service = GeminiService(alice, "tests")
    exchange = await service.asend(None, "[[says]] [[call slow {}]]")

    async def tails():
        return [event.html async for event in service.stream(exchange.reply) if event.kind == "tail"]

    first = asyncio.ensure_future(tails())
    await asyncio.sleep(0.5)
    for seen in await asyncio.gather(first, tails()):
        assert any("Смотрю пробу…" in html and "Сейчас посмотрю." in html for html in seen)
        assert "Смотрю пробу…" not in seen[-1]
