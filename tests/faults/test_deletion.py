"""What is deleted while Gemini still answers: into the trash, for good, and with the whole account."""

import asyncio
import re

from tests.processes import wait_until
from tests.visitor import Visitor

DELETE_ACCOUNT = "from accounts.models import User; print(User.objects.filter(username='alice').delete()[0])"


async def begin_and_watch(alice, text: str):
    session, reply = await alice.begin(f"{text} [[words 2000]] [[pace 0.05]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(1.3)
    return session, reply, viewer


def gemini_was_told(upstream, text: str) -> bool:
    """The request of the reply was ended, and none is left; that of the title has ended by itself."""
    outcomes = {entry["outcome"] for entry in upstream.log() if f"{text} [[" in entry["prompt"]}
    return "cancelled" in outcomes and "running" not in outcomes


async def test_a_chat_that_comes_back_from_the_trash_has_the_text_and_goes_on(server, alice):
    session, reply, viewer = await begin_and_watch(alice, "В корзину")
    assert (await alice.post(f"sessions/{session}/delete/")).status_code == 200
    await asyncio.wait_for(viewer, 5)
    assert (await alice.post("trash/restore/", session=str(session))).status_code == 200
    row = server.message(reply)
    assert row["status"] == "stopped"
    assert "слово1 слово2" in await alice.page(f"chat/{session}/")
    response = await alice.post(f"messages/{reply}/retry/")
    assert response.status_code == 200


async def test_a_chat_purged_at_once_leaves_no_row_no_task_and_its_bill(server, alice, upstream):
    upstream.clear_log()
    session, reply, viewer = await begin_and_watch(alice, "Насовсем")
    await asyncio.gather(
        alice.post(f"sessions/{session}/delete/"),
        alice.post("trash/purge/", everything="1"),
        alice.post("trash/purge/", session=str(session)),
    )
    await alice.post("trash/purge/", everything="1")
    screen = await asyncio.wait_for(viewer, 5)
    assert "Ответ недоступен" in screen.done
    assert not server.rows("SELECT id FROM gemini_chatmessage WHERE id = ?", reply)
    await asyncio.to_thread(wait_until, lambda: gemini_was_told(upstream, "Насовсем"), 10)
    calls = server.rows("SELECT * FROM gemini_geminicall WHERE purpose = 'reply'")
    assert [(call["code"], call["message_id"]) for call in calls] == [("stopped", None)]


async def test_the_reply_that_is_being_written_cannot_be_deleted_alone(server, alice):
    session, reply, viewer = await begin_and_watch(alice, "По частям")
    for path in (f"messages/{reply}/delete/", f"sessions/{session}/clear/"):
        refused = await alice.post(path)
        assert refused.status_code == 409
        assert "Предыдущий ответ ещё пишется" in refused.text
    await alice.post(f"messages/{reply}/stop/")
    await viewer
    deleted = await alice.post(f"messages/{reply}/delete/")
    assert deleted.status_code == 200
    moment = re.search(r'name="moment" value="(\d+)"', deleted.text)[1]
    assert (await alice.post("trash/restore/", moment=moment)).status_code == 200
    assert "слово1 слово2" in await alice.page(f"chat/{session}/")


async def test_a_deleted_account_takes_its_running_reply_along_and_nobody_elses(server, alice, upstream):
    upstream.clear_log()
    [key] = server.sign_in("bob")
    async with Visitor(server, key) as bob:
        _, _, viewer = await begin_and_watch(alice, "Прощай")
        _, bobs = await bob.begin("[[words 240]] [[pace 0.05]]")
        assert int(server.script(DELETE_ACCOUNT)) > 0
        screen = await asyncio.wait_for(viewer, 5)
        assert "Ответ недоступен" in screen.done
        await asyncio.to_thread(wait_until, lambda: gemini_was_told(upstream, "Прощай"), 10)
        assert (await bob.until(bobs, "done"))["content"].endswith("слово240")
        # Nothing is left that would hold up the end of the process.
        server.terminate()
        assert await asyncio.to_thread(server.wait, 10) < 6
