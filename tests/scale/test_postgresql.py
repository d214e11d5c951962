"""PostgreSQL goes away and comes back, which costs no request and no reply."""

import asyncio


async def test_a_restart_of_the_database_fails_no_request_and_no_reply(alices, database):
    here = alices[0]
    _, reply = await here.begin("[[words 150]] [[pace 0.05]]")
    # So that every thread of the server has had a connection, which is then broken.
    await asyncio.gather(*(here.page("") for _ in range(40)))
    watching = asyncio.create_task(here.watch(reply))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(database.disconnect_all)
    answers = await asyncio.gather(*(here.http.get("/gemini/", headers={"HX-Request": ""}) for _ in range(40)))
    assert [answer.status_code for answer in answers] == [200] * 40
    assert "слово150" in (await watching).done
    assert (await here.until(reply, "done"))["content"].endswith("слово150")
