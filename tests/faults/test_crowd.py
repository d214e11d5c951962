"""Many at once: viewers that leave, users with keys of their own."""

import asyncio
import contextlib
import re

import psutil
from django.utils.html import escape

from config.handler import THREADS
from tests.processes import wait_until
from tests.visitor import Visitor

CHATS, VIEWERS_OF_EACH = 20, 10
# Threads that may have come by the time: those of the server's pool, and some for what ends a stream.
POOL = THREADS + 5


async def test_two_hundred_viewers_leave_at_once_and_leave_nothing_behind(server):
    names = [f"user{n}" for n in range(CHATS)]
    process = psutil.Process(server.pid)
    async with contextlib.AsyncExitStack() as stack:
        people = [await stack.enter_async_context(Visitor(server, key)) for key in server.sign_in(*names)]
        # The first reply imports the SDK and opens its channels: they are no leak.
        await people[0].watch((await people[0].begin("[[words 10]]"))[1])
        base = (process.num_threads(), process.num_fds())
        replies = [(await person.begin("[[words 300]] [[pace 0.03]]"))[1] for person in people]
        viewers = [
            asyncio.create_task(person.watch(reply))
            for person, reply in zip(people, replies, strict=True)
            for _ in range(VIEWERS_OF_EACH)
        ]
        await asyncio.sleep(2)
        assert process.num_fds() > base[1] + 150, "the viewers have to be there for this to mean anything"
        assert process.num_threads() <= base[0] + POOL, "a viewer holds no thread"
        for viewer in viewers:
            viewer.cancel()
        await asyncio.gather(*viewers, return_exceptions=True)
        for person, reply in zip(people, replies, strict=True):
            row = await person.until(reply, "done", seconds=30)
            assert row["content"].endswith("слово300")

    def is_back() -> bool:
        # Threads of the pool stay, each with its connection to the database: three files of SQLite's.
        return process.num_threads() <= base[0] + POOL and process.num_fds() <= base[1] + 3 * THREADS + 5

    wait_until(is_back, 20, every=0.2)


async def test_no_key_ever_carries_another_users_prompt(server, upstream):
    upstream.clear_log()
    async with contextlib.AsyncExitStack() as stack:
        people = {
            name: await stack.enter_async_context(Visitor(server, key))
            for name, key in zip(("alice", "bob"), server.sign_in("alice", "bob"), strict=True)
        }
        for name, person in people.items():
            saved = await person.post("settings/", api_key=f"test-key-of-{name}", model="")
            assert saved.status_code in (200, 302)
        chats = await asyncio.gather(
            *(person.begin(f"Это пишет {name}, {n} [[key]]") for name, person in people.items() for n in range(25))
        )
        tails = {"alice": "lice", "bob": "-bob"}
        for (_, reply), name in zip(chats, [name for name in people for _ in range(25)], strict=True):
            assert (await people[name].until(reply, "done"))["content"] == tails[name]
    entries = [entry for entry in upstream.log() if "Это пишет" in entry["prompt"]]
    assert len(entries) >= 50
    for entry in entries:
        assert entry["key"] == f"test-key-of-{re.search('пишет (alice|bob)', entry['prompt'])[1]}"
    assert escape("test-key-of-alice") not in server.log()
