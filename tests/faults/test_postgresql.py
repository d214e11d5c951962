"""PostgreSQL restarts in the middle of replies: every connection of the server's is ended from the other side."""

import asyncio

import pytest

from tests import postgres
from tests.visitor import Screen, Visitor

pytestmark = pytest.mark.skipif(not postgres.is_there(), reason="no PostgreSQL at 127.0.0.1:5432")


@pytest.fixture
def on_postgresql(upstream):
    with (
        postgres.database("t_torture_faults") as url,
        postgres.PostgresServer(upstream, DATABASE_URL=url, DRAIN_SECONDS="3") as server,
    ):
        yield server


async def test_replies_go_on_and_no_page_fails_when_all_connections_were_ended(on_postgresql):
    server = on_postgresql
    [key] = server.sign_in("alice")
    async with Visitor(server, key) as alice:
        # 20 s of text: the three rounds below take 4, and twice as long beside other tests on a slow machine.
        chats = [await alice.begin(f"Вопрос {n} [[words 600]] [[pace 0.1]]") for n in range(5)]
        screens = [Screen() for _ in chats]
        viewers = [
            asyncio.create_task(alice.watch(reply, screen)) for (_, reply), screen in zip(chats, screens, strict=True)
        ]
        for _ in range(3):
            # As many threads of the pool as there are have a connection, which then is a dead one.
            await asyncio.gather(*(alice.page("") for _ in range(20)))
            assert server.terminate_backends() > 3
            await asyncio.sleep(0.3)
            pages = await asyncio.gather(*(alice.http.get("/gemini/") for _ in range(20)))
            assert {page.status_code for page in pages} == {200}
            session = chats[0][0]
            refused = await alice.post(f"chat/{session}/messages/", content="Ещё")
            assert refused.status_code == 409
        for (_, reply), viewer, screen in zip(chats, viewers, screens, strict=True):
            row = await alice.until(reply, "done", "interrupted", "failed", seconds=40)
            assert (row["status"], row["content"].split()[-1]) == ("done", "слово600")
            await viewer
            assert "слово600" in screen.done


async def test_the_end_of_a_reply_is_written_down_although_the_connections_end_with_it(on_postgresql):
    server = on_postgresql
    [key] = server.sign_in("alice")
    async with Visitor(server, key) as alice:
        replies = [(await alice.begin(f"{n} [[words {30 + 6 * n}]] [[pace 0.05]]"))[1] for n in range(10)]
        for _ in range(20):
            server.terminate_backends()
            await asyncio.sleep(0.1)
        for n, reply in enumerate(replies):
            row = await alice.until(reply, "done", "interrupted", "failed", seconds=30)
            assert (row["status"], row["content"].split()[-1]) == ("done", f"слово{30 + 6 * n}")
