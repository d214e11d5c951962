"""What one chunk costs on its way from Gemini to a reader: drawings, timers, memory. Counts, not times."""

import asyncio
import gc
import sys
from contextlib import aclosing

import pytest

from gemini.models import ChatMessage
from gemini.rendering import BlockRenderer
from gemini.replies import Viewer, follow, runtime, updates
from gemini.replies.live import FASTEST, SLOWEST, LiveReply, Pace
from gemini.web import sse

CHUNK = "слово и ещё слово "


@pytest.fixture
def drawings(monkeypatch):
    """The tails that were drawn."""
    drawn = []
    original = BlockRenderer.tail

    def tail(renderer):
        drawn.append(1)
        return original(renderer)

    monkeypatch.setattr(BlockRenderer, "tail", tail)
    return drawn


async def test_a_reply_that_nobody_watches_is_never_drawn(drawings):
    live = LiveReply(1, 1, Pace())
    for _ in range(1000):
        live.append(CHUNK)
    await asyncio.sleep(2 / FASTEST)
    assert not drawings


async def test_chunks_that_come_at_once_are_drawn_once_for_all_viewers(drawings, monkeypatch):
    live = LiveReply(1, 1, Pace())
    monkeypatch.setitem(runtime.live, 1, live)
    viewers = [asyncio.create_task(seen(live)) for _ in range(20)]
    await asyncio.sleep(0)
    drawings.clear()
    for _ in range(1000):
        live.append(CHUNK)
    # Where the first drawings were slow, which they are on a busy machine, the next is put off.
    await asyncio.sleep(SLOWEST + 1 / FASTEST)
    assert len(drawings) == 1
    live.end()
    assert all(CHUNK.strip() in tail for tail in await asyncio.gather(*viewers))


async def seen(live):
    last = ""
    async with aclosing(follow(ChatMessage(pk=live.message_id))) as events:
        async for event in events:
            last = event.html if event.kind == "tail" else last
    return last


async def test_what_has_happened_at_once_is_sent_at_once(monkeypatch):
    live = LiveReply(1, 1, Pace())
    monkeypatch.setitem(runtime.live, 1, live)
    async with aclosing(updates(ChatMessage(pk=1), Viewer())) as found:
        assert kinds(await anext(found)) == ["snapshot", "tail"]
        live.append("Абзац.\n\nСледующий")
        assert kinds(await anext(found)) == ["block", "tail"]
        live.end()
        assert kinds(await anext(found)) == ["done"]


def kinds(update):
    return [event.kind for event in update]


async def test_a_chunk_leaves_no_more_than_its_text():
    """Blocks of memory that outlive a chunk: the string and its place in two lists, no timer and no task."""
    live = LiveReply(1, 1, Pace())
    live.append(CHUNK)
    live.publish()
    gc.collect()
    before = sys.getallocatedblocks()
    for number in range(1000):
        live.append(f"{number} ")
    assert (sys.getallocatedblocks() - before) / 1000 <= 2.5


async def test_an_event_costs_no_timer_of_its_own(monkeypatch):
    timers = []
    loop = asyncio.get_running_loop()
    call_later = loop.call_later
    monkeypatch.setattr(loop, "call_later", lambda *args: timers.append(args) or call_later(*args))

    async def events():
        for _ in range(500):
            yield b"data: x\n\n"

    sent = [event async for event in sse.patient(events())]
    assert len(sent) == 500
    assert len(timers) == 1


async def test_a_viewer_that_takes_nothing_is_let_go(monkeypatch):
    monkeypatch.setattr(sse, "PATIENCE", 0.2)

    async def events():
        yield b"data: x\n\n"

    async def stuck():
        async with aclosing(sse.patient(events())) as sent:
            async for _ in sent:
                await asyncio.sleep(0 if _ == sse.OPENING else 30)

    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(stuck())


def test_a_finished_paragraph_is_drawn_no_more():
    """A blank line ends a paragraph: the tail that is drawn again and again is the open one alone."""
    renderer = BlockRenderer()
    renderer.feed("первый абзац\n\nвторой")
    renderer.advance()
    assert renderer.tail() == "<p>второй</p>\n"
