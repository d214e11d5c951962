"""A worker is killed beside a living one, which takes over: nothing is stuck, and the text is kept."""

import asyncio
import re
import time

from tests.scale.site import watch_until


async def test_another_worker_notices_within_the_lease_and_keeps_the_text(site, alices, screens):
    here, there = alices
    session, reply = await here.begin("[[words 300]] [[pace 0.05]]")
    watching = await watch_until("слово20", there, reply, screens[0])
    site.workers[0].kill()
    killed = time.monotonic()
    try:
        shown = screens[0].text
        refused = await there.post(f"chat/{session}/messages/", content="Ты жив? [[words 1]]")
        assert refused.status_code == 409, "until its lease ends the reply counts as running"
        await asyncio.wait_for(watching, 15)
        assert time.monotonic() - killed < 13
        assert "Ответ прерван" in screens[0].done
        row = await there.until(reply, "interrupted", seconds=8)
        words = re.findall(r"слово\d+", row["content"])
        seen = re.findall(r"слово\d+", shown)
        # A checkpoint comes each second.
        assert len(words) >= len(seen) - 45
        assert words == [f"слово{n}" for n in range(1, len(words) + 1)]
        response = await there.post(f"messages/{reply}/retry/")
        again = int(re.search(r'id="message-(\d+)"', response.text)[1])
        assert again != reply
        await there.post(f"messages/{again}/stop/")
        await there.until(again, "stopped")
    finally:
        site.workers[0].start()


async def test_a_worker_that_drains_leaves_its_viewers_to_the_other(site, alices, screens):
    """They are told `done` with the reply still running: a browser then asks again, and the balancer sends it there."""
    here, there = alices
    _, reply = await there.begin("[[words 120]] [[pace 0.05]]")
    watching = await watch_until("слово5", here, reply, screens[0])
    site.workers[0].terminate()
    try:
        await asyncio.wait_for(watching, 4)
        assert f"/gemini/messages/{reply}/stream/" in screens[0].done
        assert "слово120" in (await there.watch(reply)).done
        await asyncio.to_thread(site.workers[0].wait, 12)
    finally:
        site.workers[0].kill()
        site.workers[0].start()
