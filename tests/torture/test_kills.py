"""`kill -9` again and again under load: what was acknowledged is there, and no reply waits for a dead process."""

import asyncio
import contextlib
import random
import time

import httpx

from tests.processes import Emulator, Server
from tests.torture.lengths import KILLS
from tests.torture.results import spaced, write
from tests.visitor import Screen, Visitor, text_of

PEOPLE = 8
# What may be missing of an answer: the pause between checkpoints and the time that one takes, on a busy machine.
LOSS_SECONDS = 2.5


class Person:
    """Sends, reads along, and remembers what was acknowledged and what was on the screen when."""

    def __init__(self, visitor: Visitor, name: str, seed: int) -> None:
        self.visitor, self.name = visitor, name
        self.random = random.Random(seed)
        self.acknowledged: list[str] = []
        self.screens: list[tuple[int, Screen]] = []

    async def live(self) -> None:
        while True:
            text = f"{self.name} {len(self.acknowledged)} [[words {self.random.randint(10, 400)}]] [[pace 0.02]]"
            response = await self.visitor.post("chat/", content=text)
            assert response.status_code == 200, response.text
            self.acknowledged.append(text)
            session = int(response.headers["HX-Redirect"].strip("/").rpartition("/")[2])
            reply, screen = self.visitor.last_reply(session), Screen()
            self.screens.append((reply, screen))
            await self.visitor.watch(reply, screen)

    def seen_before(self, moment: float) -> dict[int, str]:
        """What each answer showed at that moment."""
        shown = {}
        for reply, screen in self.screens:
            earlier = Screen()
            events = [event for event in screen.events if event.at <= moment]
            # A block takes the place of the beginning of the tail, and the tail that goes with it comes next.
            while events and events[-1].name == "block":
                events.pop()
            for event in events:
                earlier.apply(event)
            shown[reply] = text_of(earlier.done) if earlier.done else earlier.text
        return shown


async def until_killed(person: Person) -> None:
    with contextlib.suppress(httpx.TransportError, asyncio.CancelledError):
        await person.live()


async def test_no_acknowledged_message_is_lost_by_any_kill():
    chance, sent, checked = random.Random(1), 0, 0
    with Emulator(pace=0.02, first_token=0.02) as upstream, Server(upstream) as server:
        keys = server.sign_in(*(f"person{n}" for n in range(PEOPLE)))
        for round_ in range(KILLS):
            people = [Person(Visitor(server, key), f"Раунд {round_}, {n}:", n) for n, key in enumerate(keys)]
            lives = [asyncio.create_task(until_killed(person)) for person in people]
            await asyncio.sleep(chance.uniform(3, 6))
            server.kill()
            killed = time.monotonic()
            await asyncio.gather(*lives)
            for person in people:
                await person.visitor.http.aclose()
            stored = {row["content"] for row in server.rows("SELECT content FROM gemini_chatmessage")}
            texts = [text for person in people for text in person.acknowledged]
            assert texts
            assert not set(texts) - stored
            for person in people:
                for reply, seen in person.seen_before(killed - LOSS_SECONDS).items():
                    words = [word for word in seen.split() if word.startswith("слово")]
                    assert server.message(reply)["content"].split()[: len(words)] == words
                    checked += len(words)
            sent += len(texts)
            server.start()
        deadline = time.monotonic() + 20
        while waiting := server.rows("SELECT id FROM gemini_chatmessage WHERE status = 'generating'"):
            assert time.monotonic() < deadline, waiting
            await asyncio.sleep(0.5)
        assert checked, "somebody has to have seen something for this to mean anything"
        statuses = {row["status"] for row in server.rows("SELECT DISTINCT status FROM gemini_chatmessage")}
        assert statuses <= {"done", "interrupted"}
        assert server.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    write(
        f"`kill -9` под нагрузкой, {KILLS} раз",
        "ни одно принятое сообщение не потеряно; ни один ответ не остался «пишется»",
        f"{spaced(sent)} принятых сообщений на месте, {spaced(checked)} показанных слов ответов тоже "
        f"(кроме последних 2,5 с перед убийством); незаконченных ответов — 0",
    )
