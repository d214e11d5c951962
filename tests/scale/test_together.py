"""Two workers at once: what must be one stays one, and what is limited is limited for both together."""

import asyncio

import pytest

from tests.scale.conftest import DAILY_TOKENS


async def test_one_key_sent_to_two_workers_at_once_is_one_message(site, alices):
    both = await asyncio.gather(
        *(person.post("chat/", content="Раз [[words 3]]", idempotency_key="same") for person in alices * 3)
    )
    assert {answer.status_code for answer in both} == {200}
    [chat] = {answer.headers["HX-Redirect"] for answer in both}
    session = int(chat.strip("/").rpartition("/")[2])
    query = "SELECT role FROM gemini_chatmessage WHERE session_id = ? ORDER BY id"
    assert [row["role"] for row in site.workers[0].rows(query, session)] == ["user", "assistant"]


async def test_two_messages_at_once_through_two_workers_get_one_reply_and_one_refusal(alices):
    session, first = await alices[0].begin("[[words 1]]")
    await alices[0].until(first, "done")
    answers = await asyncio.gather(
        *(person.post(f"chat/{session}/messages/", content="[[words 150]]") for person in alices)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("seed", range(3))
async def test_a_stop_elsewhere_that_races_the_end_leaves_one_clear_state_and_all_the_text(site, alices, seed):
    here, there = alices
    _, reply = await here.begin("[[words 20]] [[pace 0.02]]")
    watching = asyncio.create_task(there.watch(reply))
    await asyncio.sleep(0.15 + seed * 0.12)
    assert (await there.post(f"messages/{reply}/stop/")).status_code == 200
    await watching
    row = await here.until(reply, "done", "stopped")
    assert row["status"] == "stopped" or row["content"].endswith("слово20")


async def test_the_days_tokens_spent_at_one_worker_are_spent_at_the_other(alices):
    here, there = alices
    _, reply = await here.begin(f"[[words {DAILY_TOKENS // 2}]] [[pace 0]]")
    await here.until(reply, "done")

    # The ledger's row is written after the reply's own.
    async with asyncio.timeout(5):
        while (await there.post("chat/", content="Ещё [[words 1]]")).status_code != 422:
            pass
    refused = await there.post("chat/", content="И ещё")
    assert "И ещё" in refused.text
