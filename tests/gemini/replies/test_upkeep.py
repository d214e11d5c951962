"""What keeps replies safe goes on, whatever comes in between."""

import asyncio
import contextlib

import pytest
from django.db import InterfaceError

from gemini.replies import LiveReply, insist, runtime, upkeep


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setattr(runtime, "live", {})
    return runtime.live


async def test_a_send_while_a_checkpoint_looks_around_does_not_disturb_it(live, monkeypatch):
    class Busy(LiveReply):
        """Threads of the pages begin other replies at any moment, as if between these two reads."""

        @property
        def saved_length(self):
            live[len(live) + 1] = LiveReply(len(live) + 1, 1, runtime.pace)
            return 0

        @saved_length.setter
        def saved_length(self, length):
            pass

    async def in_database(work, owner, grown, unchanged):
        seen.append((set(grown), set(unchanged)))
        return set()

    seen = []
    monkeypatch.setattr(runtime, "in_database", in_database)
    live[1] = Busy(1, 1, runtime.pace, "начало")
    await upkeep.checkpoint()
    assert seen == [({1}, set())]


async def test_checkpoints_go_on_after_any_error(live, monkeypatch, caplog):
    async def checkpoint():
        tried.append(1)
        if len(tried) == 1:
            raise RuntimeError("dictionary changed size during iteration")
        live.clear()

    tried = []
    monkeypatch.setattr(upkeep, "CHECKPOINT_EVERY", 0.01)
    monkeypatch.setattr(upkeep, "checkpoint", checkpoint)
    live[1] = LiveReply(1, 1, runtime.pace)
    await upkeep.checkpoints()
    assert len(tried) == 2
    assert "No checkpoint" in caplog.text


async def test_sweeping_goes_on_after_any_error(live, monkeypatch, caplog):
    async def in_database(work, *arguments):
        tried.append(work)
        raise RuntimeError("a surprise")

    tried = []
    monkeypatch.setattr(upkeep, "SWEEP_EVERY", 0.01)
    monkeypatch.setattr(runtime, "in_database", in_database)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(upkeep.sweeping(), 0.2)
    assert len(tried) > 1
    assert "Not swept" in caplog.text


async def test_an_ending_is_written_again_after_a_connection_that_was_closed(monkeypatch):
    """Django's `InterfaceError` is no `DatabaseError`."""

    async def in_database(work):
        tried.append(work)
        if len(tried) == 1:
            raise InterfaceError("connection already closed")

    tried = []
    monkeypatch.setattr(runtime, "in_database", in_database)
    await insist(print)
    assert len(tried) == 2
