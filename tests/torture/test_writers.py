"""Thirty-two people who write without a pause into one SQLite file: nobody is told that it is locked."""

import asyncio
import random
import time
from collections import Counter

from bench.machine import percentile
from tests.processes import Emulator, Server
from tests.torture.lengths import WRITER_SECONDS, WRITERS
from tests.torture.results import spaced, write
from tests.visitor import Visitor

PROMPT = "[[words 6]] [[first 0]] [[pace 0]]"


class Writer:
    """Does what people do, each thing in a request of its own; keeps count of the answers and of their times."""

    def __init__(self, visitor: Visitor, seed: int, answers: Counter[int], times: list[float]) -> None:
        self.visitor = visitor
        self.random = random.Random(seed)
        self.answers, self.times = answers, times
        self.chats: list[int] = []
        self.kept: dict[int, list[str]] = {}
        self.sent = 0

    async def ask(self, path: str, **data: str):
        began = time.perf_counter()
        response = await self.visitor.post(path, **data)
        self.times.append(1000 * (time.perf_counter() - began))
        self.answers[response.status_code] += 1
        return response

    async def send(self) -> None:
        self.sent += 1
        text = f"Вопрос {self.sent} {PROMPT}"
        new = len(self.chats) < 6 or self.random.random() < 0.1
        chat = 0 if new else self.random.choice(self.chats)
        response = await self.ask("chat/" if new else f"chat/{chat}/messages/", content=text)
        if response.status_code != 200:
            return
        if new:
            chat = int(response.headers["HX-Redirect"].strip("/").rpartition("/")[2])
            self.chats.append(chat)
        self.kept.setdefault(chat, []).append(text)

    async def rename(self) -> None:
        await self.ask(f"sessions/{self.random.choice(self.chats)}/title/", title=f"Имя {self.sent}")

    async def pin(self) -> None:
        await self.ask(f"sessions/{self.random.choice(self.chats)}/{self.random.choice(['pin', 'unpin'])}/")

    async def delete(self) -> None:
        if len(self.chats) > 3:
            chat = self.chats.pop(self.random.randrange(len(self.chats)))
            self.kept.pop(chat, None)
            await self.ask(f"sessions/{chat}/delete/")

    async def write_until(self, moment: float) -> None:
        for _ in range(3):
            await self.send()
        while time.monotonic() < moment:
            await self.random.choices([self.send, self.rename, self.pin, self.delete], [10, 3, 2, 1])[0]()


async def test_no_writer_is_told_that_the_database_is_locked_and_nothing_taken_is_missing():
    with Emulator(pace=0, first_token=0) as upstream, Server(upstream) as server:
        answers, times = Counter(), []
        keys = server.sign_in(*(f"writer{n}" for n in range(WRITERS)))
        visitors = [Visitor(server, key) for key in keys]
        for visitor in visitors:
            # What a writer waits for the processor says nothing about the database.
            visitor.http.timeout = 300
        writers = [Writer(visitor, n, answers, times) for n, visitor in enumerate(visitors)]
        ends = time.monotonic() + WRITER_SECONDS
        await asyncio.gather(*(writer.write_until(ends) for writer in writers))
        await asyncio.sleep(1)
        for visitor in visitors:
            await visitor.http.aclose()
        # 409: the chat that chance has chosen was still answering.
        assert set(answers) <= {200, 409}, answers
        log = server.log()
        assert "locked" not in log
        assert "Traceback" not in log
        stored: dict[int, Counter[str]] = {}
        for row in server.rows("SELECT session_id, content FROM gemini_chatmessage WHERE role = 'user'"):
            stored.setdefault(row["session_id"], Counter())[row["content"]] += 1
        kept = [(chat, text) for writer in writers for chat, texts in writer.kept.items() for text in texts]
        assert kept
        assert [pair for pair in kept if stored[pair[0]][pair[1]] != 1] == []
        statuses = {row["status"] for row in server.rows("SELECT DISTINCT status FROM gemini_chatmessage")}
        assert statuses == {"done"}
    write(
        f"{WRITERS} пишущих в одну SQLite {WRITER_SECONDS // 60 or 1} минут",
        "ни одного «locked»; ничто принятое не потеряно",
        f"{spaced(sum(answers.values()))} записей ({answers[409]} отказов «ещё пишется»), «locked» — 0, "
        f"все {spaced(len(kept))} сообщений на месте; запрос p50 {percentile(times, 0.5):.0f} мс, "
        f"p99 {percentile(times, 0.99):.0f} мс, самый долгий {spaced(max(times))} мс",
    )
