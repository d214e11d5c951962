"""The same chat in two tabs, both of which do something at once: one is taken, the other is told, nothing is mixed."""

import asyncio
import random
import re

import pytest

from tests.visitor import Screen


def path_of(server, session: int) -> list[dict]:
    query = "SELECT * FROM gemini_chatmessage WHERE session_id = ? AND shown ORDER BY id"
    return server.rows(query, session)


def assert_one_path(server, session: int) -> None:
    path = path_of(server, session)
    assert [row["parent_id"] for row in path] == [None, *(row["id"] for row in path)][: len(path)]


async def a_finished_exchange(alice, server) -> tuple[int, int, int]:
    session, reply = await alice.begin("Вопрос [[words 3]]")
    await alice.until(reply, "done")
    return session, server.message(reply)["parent_id"], reply


@pytest.mark.parametrize("seed", range(4))
async def test_of_an_edit_a_regeneration_and_a_send_at_once_one_wins(server, alice, seed):
    session, question, reply = await a_finished_exchange(alice, server)
    acts = [
        lambda: alice.post(f"messages/{question}/edit/", content="Иначе [[words 60]] [[pace 0.05]]"),
        lambda: alice.post(f"messages/{reply}/regenerate/"),
        lambda: alice.post(f"chat/{session}/messages/", content="Дальше [[words 60]] [[pace 0.05]]"),
    ]
    random.Random(seed).shuffle(acts)
    answers = await asyncio.gather(*(act() for act in acts))
    taken = [answer for answer in answers if answer.status_code == 200]
    # Whoever comes after a quick regeneration finds its chat at rest again.
    assert len(taken) >= 1
    assert {answer.status_code for answer in answers} <= {200, 409}
    for refused in (answer for answer in answers if answer.status_code == 409):
        assert "Предыдущий ответ ещё пишется" in refused.text
    assert_one_path(server, session)
    running = server.rows("SELECT id FROM gemini_chatmessage WHERE status = 'generating'")
    assert len(running) <= 1
    await alice.until(alice.last_reply(session), "done")
    assert_one_path(server, session)


async def test_a_retry_in_both_tabs_is_one_retry(server, alice):
    session, failed = await alice.begin("[[words 30]] [[pace 0.05]] [[fail 429-day x1]]")
    await alice.until(failed, "failed")
    answers = await asyncio.gather(*(alice.post(f"messages/{failed}/retry/") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert server.rows("SELECT count(*) AS n FROM gemini_chatmessage WHERE role = 'assistant'")[0]["n"] == 2
    assert_one_path(server, session)


async def test_what_one_tab_stops_the_other_sees_stopped(server, alice):
    _, reply = await alice.begin("[[words 900]] [[pace 0.02]]")
    tabs = [asyncio.create_task(alice.watch(reply, Screen())) for _ in range(2)]
    await asyncio.sleep(0.5)
    stops = await asyncio.gather(*(alice.post(f"messages/{reply}/stop/") for _ in range(2)))
    assert [stop.status_code for stop in stops] == [200, 200]
    screens = await asyncio.wait_for(asyncio.gather(*tabs), 5)
    stored = server.message(reply)
    assert stored["status"] == "stopped"
    for screen in screens:
        assert "Ответ остановлен" in screen.done
        assert stored["content"].split()[-1] in screen.done


async def test_a_message_deleted_in_one_tab_is_not_answered_from_the_other(server, alice):
    session, question, reply = await a_finished_exchange(alice, server)
    deleted, again = await asyncio.gather(
        alice.post(f"messages/{question}/delete/"), alice.post(f"messages/{reply}/regenerate/")
    )
    assert deleted.status_code in (200, 409)
    assert again.status_code in (200, 409)
    assert_one_path(server, session)
    await alice.until(alice.last_reply(session), "done")
    page = await alice.page(f"chat/{session}/")
    assert bool(re.search(rf'id="message-{question}"', page)) == (server.message(question)["deleted_at"] is None)
