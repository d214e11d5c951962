"""In which order requests begin, and how many at once."""

import asyncio
import threading

import pytest

from config import line
from config.handler import Handler


class Busy:
    """Work in the pool that lasts until it is told to end."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.ends = [threading.Event() for _ in range(6)]

    def __call__(self, number: int) -> int:
        self.begun.append(number)
        assert self.ends[number].wait(10)
        return number

    def end_all(self) -> None:
        for end in self.ends:
            end.set()


@pytest.fixture
def busy():
    work = Busy()
    yield work
    work.end_all()


async def begun(busy, count):
    async with asyncio.timeout(5):
        while len(busy.begun) < count:  # noqa: ASYNC110 # it is begun in another thread
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.02)
    return busy.begun


async def test_requests_begin_in_their_turn(busy, monkeypatch):
    monkeypatch.setattr(line, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(4)]
    assert await begun(busy, line.AT_ONCE) == [0, 1]
    busy.ends[1].set()
    assert await begun(busy, 3) == [0, 1, 2]
    busy.end_all()
    assert await asyncio.gather(*asked) == [0, 1, 2, 3]


async def test_one_that_waits_for_something_else_gives_way(busy):
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(5)]
    assert await begun(busy, 5) == [0, 1, 2, 3, 4]
    busy.end_all()
    await asyncio.gather(*asked)
    # Each place was given back once.
    assert pool.line.free == line.AT_ONCE


async def test_a_reader_who_leaves_while_waiting_leaves_the_line(busy, monkeypatch):
    monkeypatch.setattr(line, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(4)]
    await begun(busy, 2)
    asked[2].cancel()
    busy.ends[0].set()
    assert await begun(busy, 3) == [0, 1, 3]
    busy.end_all()
    await asyncio.gather(*asked, return_exceptions=True)
    assert pool.line.free == line.AT_ONCE


async def test_who_sends_passes_those_who_look(busy, monkeypatch):
    monkeypatch.setattr(line, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(4)]
    asked += [asyncio.ensure_future(pool.in_thread(busy, number, ahead=line.SENDERS)) for number in (4, 5)]
    await begun(busy, 2)
    for number, order in ((0, [0, 1, 4]), (1, [0, 1, 4, 5]), (4, [0, 1, 4, 5, 2])):
        busy.ends[number].set()
        assert await begun(busy, len(order)) == order
    busy.end_all()
    await asyncio.gather(*asked)
    assert pool.line.free == line.AT_ONCE


async def test_the_end_of_a_stream_lets_all_others_pass_for_a_second(busy, monkeypatch):
    monkeypatch.setattr(line, "GIVES_WAY_AFTER", 60)
    monkeypatch.setattr(line, "ENDINGS", -0.1)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in (0, 1)]
    await begun(busy, 2)
    asked += [asyncio.ensure_future(pool.to_end_a_stream(busy, 2)), asyncio.ensure_future(pool.in_thread(busy, 3))]
    await asyncio.sleep(0.2)
    asked.append(asyncio.ensure_future(pool.in_thread(busy, 4)))
    await asyncio.sleep(0)
    for number, order in ((0, [0, 1, 3]), (1, [0, 1, 3, 2]), (3, [0, 1, 3, 2, 4])):
        busy.ends[number].set()
        assert await begun(busy, len(order)) == order
    busy.end_all()
    await asyncio.gather(*asked)
    assert pool.line.free == line.AT_ONCE


async def test_who_looks_is_not_kept_waiting_for_long(busy, monkeypatch):
    monkeypatch.setattr(line, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(3)]
    await begun(busy, 2)
    await asyncio.sleep(0.1)
    asked.append(asyncio.ensure_future(pool.in_thread(busy, 3, ahead=0.05)))
    await asyncio.sleep(0)
    busy.ends[0].set()
    assert await begun(busy, 3) == [0, 1, 2]
    busy.end_all()
    await asyncio.gather(*asked)


async def test_a_place_given_to_one_who_has_just_left_goes_to_the_next(busy, monkeypatch):
    monkeypatch.setattr(line, "GIVES_WAY_AFTER", 60)
    pool = Handler()
    asked = [asyncio.ensure_future(pool.in_thread(busy, number)) for number in range(4)]
    await begun(busy, 2)
    pool.line.give_back()
    asked[2].cancel()
    assert await begun(busy, 3) == [0, 1, 3]
    pool.line.free -= 1
    busy.end_all()
    await asyncio.gather(*asked, return_exceptions=True)
    assert pool.line.free == line.AT_ONCE
