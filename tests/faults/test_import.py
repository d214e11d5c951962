"""The longest writer of all: twenty megabytes of chats taken in at once, while replies are being written."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

from tests.torture.results import write
from tests.visitor import Visitor

CHATS, MESSAGES = 100, 100
# What a lease is worth: the checkpointer is never so late that another process would take the reply.
LEASE = timedelta(seconds=10)
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def twenty_megabytes(document: dict) -> bytes:
    """The document's one chat again and again, each time longer and begun on another day."""
    [chat] = document["chats"]
    [question, answer] = chat["messages"]
    words = " ".join(f"слово{n} договор" for n in range(56))

    def message(number: int) -> dict:
        return (question if number % 2 else answer) | {
            "number": number,
            "parent": number - 1 or None,
            "content": f"{number} {words}",
        }

    messages = [message(number) for number in range(1, MESSAGES + 1)]
    moments = [(BEGIN + timedelta(days=number)).isoformat() for number in range(CHATS)]
    chats = [chat | {"created_at": moment, "updated_at": moment, "messages": messages} for moment in moments]
    return json.dumps(document | {"chats": chats}, ensure_ascii=False).encode()


async def test_a_reply_that_is_being_written_outlives_the_greatest_import(server, alice):
    [key] = server.sign_in("bob")
    async with Visitor(server, key) as bob:
        session, first = await bob.begin("[[words 2]]")
        await bob.until(first, "done")
        data = twenty_megabytes(json.loads(await bob.page(f"chat/{session}.json")))
        assert 15e6 < len(data) <= 20 * 2**20
        _, reply = await alice.begin("[[words 1200]] [[pace 0.05]]")
        await asyncio.sleep(1.5)
        began = time.monotonic()
        importing = asyncio.create_task(
            bob.http.post("/gemini/import/", files={"file": ("все.json", data)}, timeout=300)
        )
        shortest = LEASE
        while not importing.done():
            row = server.message(reply)
            if row["status"] == "generating":
                until = datetime.fromisoformat(row["lease_until"]).replace(tzinfo=UTC)
                shortest = min(shortest, until - datetime.now(UTC))
            await asyncio.sleep(0.1)
        seconds = time.monotonic() - began
        answer = await importing
        assert answer.status_code in (200, 302), answer.text[:500]
        counted = server.rows("SELECT count(*) AS n FROM gemini_chatmessage WHERE content LIKE '%договор%'")
        assert counted[0]["n"] == CHATS * MESSAGES
        assert shortest > timedelta(0), "another process would have taken the reply for an abandoned one"
        row = await alice.until(reply, "done", "interrupted", seconds=60)
        assert (row["status"], row["content"].split()[-1]) == ("done", "слово1200")
    write(
        "Импорт файла в 20 МБ, пока пишется ответ",
        "аренда ответа (10 с) не истекает, ответ дописан",
        f"{len(data) / 2**20:.1f} МиБ за {seconds:.1f} с, от аренды всегда оставалось {shortest.total_seconds():.1f} с",
    )
