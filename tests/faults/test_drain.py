"""SIGTERM: short replies end, long ones are marked with their text, viewers are told, and the process goes in time."""

import asyncio

from tests.visitor import text_of

# DRAIN_SECONDS of the server in these tests.
DRAIN = 3


async def test_short_replies_are_completed_and_their_viewers_told(server, alice):
    replies = [(await alice.begin(f"[[words 60]] [[pace 0.05]] {n}"))[1] for n in range(3)]
    viewers = [asyncio.create_task(alice.watch(reply)) for reply in replies]
    await asyncio.sleep(0.2)
    server.terminate()
    screens = await asyncio.gather(*viewers)
    assert await asyncio.to_thread(server.wait, DRAIN + 6) < DRAIN + 3
    for reply, screen in zip(replies, screens, strict=True):
        row = server.message(reply)
        assert (row["status"], row["content"][-7:]) == ("done", "слово60")
        assert "слово60" in screen.done


async def test_a_reply_nobody_watches_is_completed_too(server, alice):
    _, reply = await alice.begin("[[words 60]] [[pace 0.05]]")
    server.terminate()
    await asyncio.to_thread(server.wait, DRAIN + 6)
    assert server.message(reply)["status"] == "done"


async def test_long_replies_are_marked_as_interrupted_with_all_their_text(server, alice):
    _, reply = await alice.begin("[[words 4000]] [[pace 0.05]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(0.5)
    server.terminate()
    screen = await viewer
    assert await asyncio.to_thread(server.wait, DRAIN + 6) < DRAIN + 6
    row = server.message(reply)
    assert row["status"] == "interrupted"
    assert "Ответ прерван" in screen.done
    assert text_of(row["content"]).startswith(screen.text)


async def test_while_draining_the_socket_is_open_and_new_work_is_refused(server, alice):
    session, _ = await alice.begin("[[words 4000]] [[pace 0.05]]")
    server.terminate()
    await asyncio.sleep(0.5)
    assert server.readiness() == 503
    refused = await alice.post("chat/", content="Ещё успею?")
    assert refused.status_code == 503
    assert "Ещё успею?" in refused.text
    assert f"/gemini/chat/{session}/" in await alice.page("")


async def test_a_second_signal_exits_at_once(server, alice):
    await alice.begin("[[words 4000]] [[pace 0.05]]")
    server.terminate()
    await asyncio.sleep(0.3)
    server.terminate()
    assert await asyncio.to_thread(server.wait, 2) < 2
