"""Which requests take a thread from the pages, and in which order: not those that wait for an answer of Gemini's."""

import asyncio
import threading

import pytest

from config import handler
from config.handler import Handler

WAITING = [
    "/api/v1/gemini/chat-sessions/1/send_message/",
    "/api/v1/gemini/chat-sessions/1/retry/",
    "/api/v1/gemini/api/analyze_text/",
    "/api/v1/gemini/api/generate_response/",
    "/api/v1/finance/analyze/",
    "/api/v1/calendar/analyze/",
    "/gemini/send-message/",
]
QUICK = [
    "/gemini/",
    "/gemini/chat/1/messages/",
    "/api/v1/gemini/chat-sessions/",
    "/api/v1/finance/import/",
    "/nothing/",
]


@pytest.mark.parametrize("path", WAITING)
def test_what_waits_has_a_thread_of_its_own(path):
    assert Handler().needs_its_own({"path": path, "method": "POST"})


@pytest.mark.parametrize("path", QUICK)
def test_all_else_runs_in_the_pool(path):
    assert not Handler().needs_its_own({"path": path, "method": "POST"})


class Busy:
    """Work in the pool that lasts until it is told to end."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ends = [threading.Event() for _ in range(6)]

    def __call__(self, number: int) -> int:
        self.begun.append(number)
        assert self.ends[number].wait(10)
        return number


@pytest.fixture
def busy():
    work = Busy()
    yield work
    for end in work.ends:
        end.set()


async def begun(busy, count):
    async with asyncio.timeout(5):
        while len(busy.begun) < count:  # noqa: ASYNC110 # it is begun in another thread
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.02)
    return busy.begun


async def test_requests_begin_in_their_turn(busy, monkeypatch):
    monkeypatch.setattr(handler, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(4)]
    assert await begun(busy, handler.AT_ONCE) == [0, 1]
    busy.ends[1].set()
    assert await begun(busy, 3) == [0, 1, 2]
    for end in busy.ends:
        end.set()
    assert await asyncio.gather(*asked) == [0, 1, 2, 3]


async def test_one_that_waits_for_something_else_gives_way(busy):
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(5)]
    assert await begun(busy, 5) == [0, 1, 2, 3, 4]
    for end in busy.ends:
        end.set()
    await asyncio.gather(*asked)
    # Each place was given back once.
    assert pool.places._value == handler.AT_ONCE


async def test_a_reader_who_leaves_while_waiting_leaves_the_line(busy, monkeypatch):
    monkeypatch.setattr(handler, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(4)]
    await begun(busy, 2)
    asked[2].cancel()
    busy.ends[0].set()
    assert await begun(busy, 3) == [0, 1, 3]
    for end in busy.ends:
        end.set()
    await asyncio.gather(*asked, return_exceptions=True)
    assert pool.places._value == handler.AT_ONCE
