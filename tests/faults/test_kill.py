"""`kill -9` in the middle of replies: nothing that was acknowledged is lost, and a second or two of text at most."""

import asyncio
import contextlib
import os
import random
import re
import time

import httpx
import pytest

from tests.visitor import Screen, text_of

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
CHATS = 3
# What may be missing: the pause between checkpoints, and their own time.
LOSS_SECONDS = 2.0


async def watch_until_killed(alice, message, screen):
    with contextlib.suppress(httpx.TransportError):
        await alice.watch(message, screen)


def shown_before(screen: Screen, moment: float) -> str:
    """The text that was on the screen at that moment."""
    earlier = Screen()
    for event in screen.events:
        if event.at <= moment:
            earlier.apply(event)
    return earlier.text


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_after_a_kill_in_mid_stream_all_is_there_but_the_last_moments(server, alice, seed):
    chats = [await alice.begin(f"Вопрос {n} [[words 2000]] [[pace 0.02]]") for n in range(CHATS)]
    screens = [Screen() for _ in chats]
    viewers = [
        asyncio.create_task(watch_until_killed(alice, reply, screen))
        for (_, reply), screen in zip(chats, screens, strict=True)
    ]
    await asyncio.sleep(random.Random(seed).uniform(2.2, 4.5))
    server.kill()
    killed = time.monotonic()
    await asyncio.gather(*viewers)
    server.start()

    for (session, reply), screen in zip(chats, screens, strict=True):
        row = await alice.until(reply, "interrupted", seconds=17)
        seen = shown_before(screen, killed - LOSS_SECONDS)
        assert len(seen) > 50, "the viewer has to have seen something for this to mean anything"
        assert text_of(row["content"]).startswith(seen)
        page = await alice.page(f"chat/{session}/")
        assert "Ответ прерван" in page
        assert re.search(r"Вопрос \d \[\[words", page)

    session, reply = chats[0]
    server.rows("SELECT 1")
    response = await alice.post(f"messages/{reply}/retry/")
    again = int(re.search(r'id="message-(\d+)"', response.text)[1])
    assert again != reply
    assert server.message(again)["status"] == "generating"
    assert server.message(reply)["content"], "the interrupted text stays in its row"


async def test_a_page_opened_right_after_the_restart_ends_its_wait_by_itself(server, alice):
    _, reply = await alice.begin("[[words 2000]]")
    await asyncio.sleep(1.5)
    server.kill()
    server.start()
    screen = await asyncio.wait_for(alice.watch(reply), 20)
    assert screen.done is not None
    assert "Ответ прерван" in screen.done


async def test_a_kill_in_mid_continuation_loses_nothing_and_it_can_go_on_again(server, alice):
    _, reply = await alice.begin("[[words 1200]] [[pace 0.02]]")
    await asyncio.sleep(1.5)
    assert (await alice.post(f"messages/{reply}/stop/")).status_code == 200
    stopped = server.message(reply)["content"]
    response = await alice.post(f"messages/{reply}/continue/")
    going_on = int(re.search(r'id="message-(\d+)"', response.text)[1])
    await asyncio.sleep(2.5)
    server.kill()
    server.start()
    row = await alice.until(going_on, "interrupted", seconds=17)
    assert row["content"].startswith(stopped)
    assert len(row["content"]) > len(stopped), "more than a second of the continuation was saved"
    assert server.message(reply)["content"] == stopped
    response = await alice.post(f"messages/{going_on}/continue/")
    whole = await alice.until(int(re.search(r'id="message-(\d+)"', response.text)[1]), "done")
    assert re.findall(r"слово\d+", whole["content"]) == [f"слово{n}" for n in range(1, 1201)]


async def test_a_retry_after_a_kill_completes(server, alice):
    _, reply = await alice.begin("[[words 100]] [[pace 0.1]]")
    await asyncio.sleep(1.0)
    server.kill()
    server.start()
    await alice.until(reply, "interrupted", seconds=17)
    response = await alice.post(f"messages/{reply}/retry/")
    again = int(re.search(r'id="message-(\d+)"', response.text)[1])
    row = await alice.until(again, "done")
    assert row["content"].endswith("слово100")
