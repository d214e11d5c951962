"""SQLite's one lock for writing, held by somebody else for seconds: a backup, a migration, a shell."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.visitor import Visitor

WORDS = [f"слово{n}" for n in range(1, 601)]


@contextmanager
def locked(server) -> Iterator[None]:
    connection = sqlite3.connect(server.database, isolation_level=None, timeout=20)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


async def test_a_send_waits_for_the_lock_and_is_taken(server, alice):
    # The first request of a session in five minutes is written down: only the next ones merely read.
    await alice.page("")
    with locked(server):
        sending = asyncio.create_task(alice.begin("Подождёшь? [[words 5]]"))
        await asyncio.sleep(2)
        assert await asyncio.wait_for(alice.page(""), 1), "whoever only reads does not wait"
        assert not sending.done()
    _, reply = await sending
    assert (await alice.until(reply, "done"))["content"].endswith("слово5")


async def test_a_reply_outlives_a_lock_that_is_longer_than_its_lease(server, alice):
    session, reply = await alice.begin("[[words 600]] [[pace 0.08]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(1)
    with locked(server):
        await asyncio.sleep(12)
    row = await alice.until(reply, "done", "interrupted")
    assert (row["status"], row["content"].split()) == ("done", WORDS)
    assert "слово600" in (await viewer).done
    assert await alice.send(session, "Дальше [[words 1]]")


@pytest.mark.skipif(not os.environ.get("TORTURE"), reason="25 s; make torture")
async def test_a_send_that_waited_in_vain_is_refused_in_words_and_may_be_repeated(suffering):
    [key] = suffering.sign_in("alice")
    async with Visitor(suffering, key) as alice:
        _, reply = await alice.begin("[[words 600]] [[pace 0.12]]")
        with locked(suffering):
            refused = await alice.post("chat/", content="Пусти!", idempotency_key="k")
        assert refused.status_code == 503
        assert "Пусти!" in refused.text
        again = await alice.post("chat/", content="Пусти!", idempotency_key="k")
        assert again.status_code == 200
        assert (await alice.until(reply, "done"))["content"].split() == WORDS
        assert suffering.rows("SELECT count(*) AS n FROM gemini_chatmessage WHERE content = 'Пусти!'")[0]["n"] == 1
