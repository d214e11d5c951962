"""A disk that takes no more bytes.

`RLIMIT_FSIZE` does it to the running process and needs no rights: from then on every write to a file fails, in the
database, its log beside it and the server's own log, until the limit is lifted again.
"""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager

from tests.visitor import Screen, Visitor

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@contextmanager
def full_disk(server) -> Iterator[None]:
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, UNLIMITED)


async def test_a_full_disk_takes_nothing_that_it_does_not_keep_and_a_running_reply_is_written_when_it_can_be(suffering):
    [key] = suffering.sign_in("alice")
    async with Visitor(suffering, key) as alice:
        session, before = await alice.begin("До [[words 3]]")
        await alice.until(before, "done")
        _, running = await alice.begin("[[words 40]] [[pace 0.05]]")
        screen = Screen()
        viewer = asyncio.create_task(alice.watch(running, screen))
        await asyncio.sleep(0.5)
        with full_disk(suffering):
            refused = await alice.post(f"chat/{session}/messages/", content="Влезет?", idempotency_key="k")
            assert refused.status_code == 503
            assert "Влезет?" in refused.text
            assert "слово3" in await alice.page(f"chat/{session}/"), "what is there can be read"
            await asyncio.sleep(3)
            assert "слово40" in screen.text, "Gemini has answered by now, and the viewer has seen all of it"
            assert suffering.message(running)["status"] == "generating"
        row = await alice.until(running, "done", "failed", "interrupted")
        assert (row["status"], row["content"].split()[-1]) == ("done", "слово40")
        assert "слово40" in (await viewer).done
        assert suffering.readiness() == 200
        again = await alice.post(f"chat/{session}/messages/", content="Влезет?", idempotency_key="k")
        assert again.status_code == 200
        assert suffering.rows("SELECT count(*) AS n FROM gemini_chatmessage WHERE content = 'Влезет?'")[0]["n"] == 1
