"""Two processes on one SQLite file: one is killed, the other lives."""

import asyncio

from tests.visitor import Visitor


async def test_the_living_one_notices_keeps_its_own_replies_and_takes_over_the_chats(server, alice, beside):
    other = beside(server)
    keys = other.sign_in("alice", "bob")
    async with Visitor(other, keys[0]) as alice_elsewhere, Visitor(other, keys[1]) as bob:
        session, lost = await alice.begin("Потеряйся [[words 2000]] [[pace 0.05]]")
        _, kept = await bob.begin("Живи [[words 350]] [[pace 0.05]]")
        viewer = asyncio.create_task(alice_elsewhere.watch(lost))
        await asyncio.sleep(2.5)
        saved = server.message(lost)["content"]
        server.kill()
        screen = await asyncio.wait_for(viewer, 20)
        assert "Ответ прерван" in screen.done
        row = await alice_elsewhere.until(lost, "interrupted", seconds=17)
        assert saved
        assert row["content"].startswith(saved)
        follow_up = await alice_elsewhere.send(session, "Продолжим здесь [[words 3]]")
        assert (await alice_elsewhere.until(follow_up, "done"))["content"].endswith("слово3")
        assert (await bob.until(kept, "done", "interrupted"))["content"].split()[-1] == "слово350"


async def test_a_stop_reaches_the_process_that_writes(server, alice, beside):
    other = beside(server)
    [key] = other.sign_in("alice")
    _, reply = await alice.begin("[[words 2000]] [[pace 0.02]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(1.2)
    async with Visitor(other, key) as alice_elsewhere:
        assert (await alice_elsewhere.post(f"messages/{reply}/stop/")).status_code == 200
        screen = await asyncio.wait_for(viewer, 5)
        row = await alice_elsewhere.until(reply, "stopped")
    assert "Ответ остановлен" in screen.done
    assert row["content"].startswith("слово1 слово2")
