"""A process that stands still: a machine that slept, a loop that was blocked, swapping. SIGSTOP does that to it."""

import asyncio
import os
import re
import signal

from tests.processes import wait_until
from tests.visitor import Visitor

LEASE, SWEEP = 10, 5


async def test_a_blocked_process_goes_on_where_it_stood(server, alice):
    """Three seconds in which nothing runs, as when somebody has blocked the loop."""
    _, reply = await alice.begin("[[words 60]] [[pace 0.05]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(0.5)
    os.kill(server.pid, signal.SIGSTOP)
    await asyncio.sleep(3)
    os.kill(server.pid, signal.SIGCONT)
    row = await alice.until(reply, "done", "interrupted", "failed")
    assert (row["status"], row["content"].split()[-1]) == ("done", "слово60")
    assert "слово60" in (await viewer).done


async def test_whoever_slept_past_the_lease_goes_on_as_long_as_nobody_took_the_reply(server, alice):
    _, reply = await alice.begin("[[words 900]] [[pace 0.05]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(0.5)
    os.kill(server.pid, signal.SIGSTOP)
    await asyncio.sleep(LEASE + 2)
    os.kill(server.pid, signal.SIGCONT)
    row = await alice.until(reply, "done", "interrupted", "failed")
    assert (row["status"], row["content"].split()[-1]) == ("done", "слово900")
    assert "слово900" in (await viewer).done


async def test_whoever_awakes_to_find_its_reply_taken_touches_nothing_and_stops_asking(server, alice, beside, upstream):
    other = beside(server)
    [key] = other.sign_in("alice")
    upstream.clear_log()
    session, reply = await alice.begin("Проспи [[words 2000]] [[pace 0.05]]")
    await asyncio.sleep(1.5)

    def outcomes() -> list[str]:
        return [entry["outcome"] for entry in upstream.log() if entry["prompt"].startswith("Проспи [[")]

    os.kill(server.pid, signal.SIGSTOP)
    try:
        async with Visitor(other, key) as alice_elsewhere:
            row = await alice_elsewhere.until(reply, "interrupted", seconds=LEASE + SWEEP + 5)
            assert "Ответ прерван" in await alice_elsewhere.page(f"chat/{session}/")
            response = await alice_elsewhere.post(f"messages/{reply}/retry/")
            again = int(re.search(r'id="message-(\d+)"', response.text)[1])
            # What is stopped before it is asked for never reaches Gemini.
            await asyncio.to_thread(wait_until, lambda: outcomes().count("running") == 2)
            await alice_elsewhere.post(f"messages/{again}/stop/")
            taken = await alice_elsewhere.until(again, "stopped")
    finally:
        os.kill(server.pid, signal.SIGCONT)

    await asyncio.to_thread(wait_until, lambda: outcomes().count("cancelled") == 2, 15)
    late = server.message(reply)
    assert (late["status"], late["shown"]) == ("interrupted", 0)
    assert late["content"].startswith(row["content"]), "its own text may be completed, never cut"
    now = server.message(again)
    assert (now["status"], now["content"], now["shown"]) == ("stopped", taken["content"], 1)
