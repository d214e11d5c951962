"""What viewers see, whenever they come, and that no race leaves a reply without an end."""

import asyncio
import random
import re
import socket

import pytest

from gemini.rendering import render
from tests.processes import wait_until
from tests.visitor import CSRF, Screen, text_of


async def test_whoever_joins_whenever_sees_the_stored_text_and_nothing_twice(server, alice):
    _, reply = await alice.begin("Расскажи подробно, длинный ответ [[pace 0.01]]")
    random_moment = random.Random(7)

    async def join() -> Screen:
        await asyncio.sleep(random_moment.uniform(0, 1.5))
        return await alice.watch(reply)

    screens = await asyncio.gather(*(join() for _ in range(12)))
    stored = text_of(render(server.message(reply)["content"]))
    for screen in screens:
        assert stored in text_of(screen.done)
        # What was on the screen before the last event is a beginning of the text: no gap, no repetition.
        assert stored.startswith(screen.text.rstrip("*` ").rsplit(" ", 1)[0])


async def test_a_viewer_that_reconnects_again_and_again_misses_nothing(server, alice):
    _, reply = await alice.begin("[[words 200]] [[pace 0.03]]")
    screen, random_moment = Screen(), random.Random(3)
    while screen.done is None:
        with_timeout = asyncio.wait_for(alice.watch(reply, screen), random_moment.uniform(0.1, 0.5))
        try:
            await with_timeout
        except TimeoutError:
            words = re.findall(r"слово\d+", screen.text)
            assert words == [f"слово{n}" for n in range(1, len(words) + 1)]
    assert server.message(reply)["content"].endswith("слово200")


@pytest.mark.parametrize("seed", range(8))
async def test_a_stop_that_races_the_end_leaves_one_clear_state_and_all_the_text(server, alice, seed):
    _, reply = await alice.begin("[[words 30]] [[pace 0.02]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(random.Random(seed).uniform(0.1, 0.4))
    assert (await alice.post(f"messages/{reply}/stop/")).status_code == 200
    screen = await viewer
    row = await alice.until(reply, "done", "stopped")
    assert text_of(row["content"]).startswith(screen.text)
    if row["status"] == "done":
        assert row["content"].endswith("слово30")


async def test_a_reply_whose_session_is_deleted_ends_for_its_viewers_and_upstream(server, alice, upstream):
    upstream.clear_log()
    session, reply = await alice.begin("Удали меня [[words 2000]] [[pace 0.05]]")
    viewer = asyncio.create_task(alice.watch(reply))
    await asyncio.sleep(0.5)
    assert (await alice.post(f"sessions/{session}/delete/")).status_code == 200
    screen = await asyncio.wait_for(viewer, 5)
    assert "Ответ недоступен" in screen.done

    def outcomes() -> set[str]:
        return {entry["outcome"] for entry in upstream.log() if "Удали меня [[" in entry["prompt"]}

    await asyncio.to_thread(wait_until, lambda: "cancelled" in outcomes())
    assert server.rows("SELECT deleted_at FROM gemini_chatsession WHERE id = ?", session)[0]["deleted_at"]
    assert server.message(reply)["status"] == "stopped", "its text waits in the trash"


async def test_a_double_click_makes_one_message(server, alice):
    both = await asyncio.gather(
        *(alice.post("chat/", content="Раз [[words 3]]", idempotency_key="same") for _ in range(5))
    )
    assert len({response.headers["HX-Redirect"] for response in both}) == 1
    assert server.rows("SELECT count(*) AS n FROM gemini_chatmessage WHERE role = 'user'")[0]["n"] == 1


async def test_the_same_key_with_another_text_is_another_message(server, alice):
    for text in ("Раз [[words 1]]", "Два [[words 1]]"):
        await alice.post("chat/", content=text, idempotency_key="restored by Back")
    assert server.rows("SELECT count(*) AS n FROM gemini_chatmessage WHERE role = 'user'")[0]["n"] == 2


async def test_two_messages_at_once_get_one_reply_and_one_kind_refusal(server, alice):
    session, first = await alice.begin("[[words 1]]")
    await alice.until(first, "done")
    answers = await asyncio.gather(
        *(alice.post(f"chat/{session}/messages/", content=f"[[words 50]] {n}") for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Предыдущий ответ ещё пишется." in refused.text
    assert "[[words 50]]" in refused.text


async def test_a_client_that_never_reads_harms_nobody(server, alice):
    _, reply = await alice.begin("[[words 500]] [[pace 0.005]]")
    deaf = socket.create_connection(("127.0.0.1", server.port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    cookies = f"sessionid={alice.http.cookies['sessionid']}; csrftoken={CSRF}"
    request = (
        f"GET /gemini/messages/{reply}/stream/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookies}\r\n\r\n"
    )
    deaf.sendall(request.encode())
    screen = await alice.watch(reply)
    assert "слово500" in screen.done
    deaf.close()
