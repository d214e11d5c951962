"""Walks at random over everything that can be done to a conversation, kills included, and looks after each step.

One real server for all walks, one person and one chat for each. What is expected is kept beside, in plain Python.
"""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.processes import Emulator, Server
from tests.torture.results import spaced, write
from tests.visitor import CSRF

FULL = bool(os.environ.get("TORTURE"))
WALKS, STEPS, KILLS = (25, 60, 2) if FULL else (6, 30, 1)
# A lease, a round of the sweeper, and what a busy machine adds.
LONGEST_WAIT = timedelta(seconds=10 + 5 + 5)
PROMPTS = [
    "[[words 4]]",
    "[[words 60]] [[pace 0.02]]",
    "[[words 3000]] [[pace 0.02]]",
    "[[words 20]] [[fail 500 @3]]",
    "[[words 20]] [[fail no-finish]]",
    "[[words 20]] [[fail max-tokens]]",
    "[[fail 429-day]]",
]
prompts, places = st.sampled_from(PROMPTS), st.integers(0, 40)
Row = dict[str, Any]


class Conversation(RuleBasedStateMachine):
    server: Server
    # Over all walks.
    people = acts_done = restarts = 0

    def __init__(self) -> None:
        super().__init__()
        Conversation.people += 1
        [key] = self.server.sign_in(f"walker{self.people}")
        self.http = httpx.Client(
            base_url=f"{self.server.url}/gemini/",
            cookies={"sessionid": key, "csrftoken": CSRF},
            headers={"X-CSRFToken": CSRF, "HX-Request": "true"},
            timeout=30,
        )
        self.number = self.kills = self.session = 0
        self.title = ""
        # What was acknowledged, by id; how every message has read so far; what is in the trash, by act.
        self.sent: dict[int, str] = {}
        self.read: dict[int, str] = {}
        self.deleted: set[int] = set()
        self.acts: list[tuple[str, set[int]]] = []

    def teardown(self) -> None:
        self.http.close()

    # What is there

    def rows(self) -> list[Row]:
        return self.server.rows("SELECT * FROM gemini_chatmessage WHERE session_id = ? ORDER BY id", self.session)

    def running(self) -> list[Row]:
        return [row for row in self.rows() if row["status"] == "generating"]

    def shown(self, role: str = "") -> list[Row]:
        rows = [row for row in self.rows() if row["shown"] and row["deleted_at"] is None]
        return [row for row in rows if role in ("", row["role"])]

    def chosen(self, rows: list[Row], place: int) -> Row:
        return rows[place % len(rows)]

    def numbered(self, prompt: str) -> str:
        self.number += 1
        return f"Вопрос {self.number} {prompt}"

    # What is done, and what may come of it. No rule has a precondition: what the server has done by now must not steer
    # what Hypothesis draws, or a walk could not be repeated.

    def ask(self, path: str, allowed: tuple[int, ...] = (200, 409), **data: str) -> httpx.Response:
        """A refusal has a reason: a reply that was running when it was asked for, or what the page did not offer."""
        response = self.http.post(path, data=data)
        Conversation.acts_done += 1
        assert response.status_code in allowed, (path, response.status_code, response.text[:500])
        return response

    def began(self, response: httpx.Response, before: list[Row], text: str = "") -> None:
        """An accepted request has added a reply, and before it the message that was sent with it, word for word."""
        known = {row["id"] for row in before}
        new = [row for row in self.rows() if row["id"] not in known]
        if response.status_code != 200:
            assert not new
            return
        assert [row["role"] for row in new] == (["user", "assistant"] if text else ["assistant"])
        assert not text or new[0]["content"] == text
        self.sent.update({row["id"]: row["content"] for row in new if row["role"] == "user"})

    @initialize(prompt=prompts)
    def begin(self, prompt: str) -> None:
        text = self.numbered(prompt)
        response = self.ask("chat/", (200,), content=text)
        self.session = int(response.headers["HX-Redirect"].strip("/").rpartition("/")[2])
        self.began(response, [], text)

    @rule(prompt=prompts)
    def send(self, prompt: str) -> None:
        before, text = self.rows(), self.numbered(prompt)
        busy = any(row["status"] == "generating" for row in before)
        response = self.ask(f"chat/{self.session}/messages/", (200, 409) if busy else (200,), content=text)
        self.began(response, before, text)

    @rule(prompt=prompts)
    def send_and_hang_up_and_send_again(self, prompt: str) -> None:
        before, text = self.rows(), self.numbered(prompt)
        form = {"content": text, "idempotency_key": text}
        with contextlib.suppress(httpx.TimeoutException):
            self.http.post(f"chat/{self.session}/messages/", data=form, timeout=httpx.Timeout(30, read=0.01))
        response = self.ask(f"chat/{self.session}/messages/", **form)
        self.began(response, before, text)

    @rule(place=places, prompt=prompts)
    def edit(self, place: int, prompt: str) -> None:
        before, text, questions = self.rows(), self.numbered(prompt), self.shown("user")
        if not questions:
            return
        message = self.chosen(questions, place)
        self.began(self.ask(f"messages/{message['id']}/edit/", content=text), before, text)

    @rule(place=places, how=st.sampled_from(["regenerate", "retry", "continue"]))
    def ask_again(self, place: int, how: str) -> None:
        before = self.rows()
        replies = self.shown("assistant")
        if not replies:
            return
        message = self.chosen(replies, place) if how == "regenerate" else replies[-1]
        self.began(self.ask(f"messages/{message['id']}/{how}/"), before)

    @rule(place=places)
    def show_another_branch(self, place: int) -> None:
        there = [row for row in self.rows() if row["deleted_at"] is None]
        if there:
            message = self.chosen(there, place)
            response = self.ask(f"messages/{message['id']}/show/")
            assert response.status_code == 409 or self.server.message(message["id"])["shown"]

    @rule()
    def stop(self) -> None:
        for reply in self.running():
            self.ask(f"messages/{reply['id']}/stop/", (200,))
            # A reply whose process was killed is written down by the sweeper.
            assert self.server.message(reply["id"])["status"] != "generating" or self.kills

    @rule(place=places)
    def delete_message(self, place: int) -> None:
        if shown := self.shown():
            message = self.chosen(shown, place)
            self.was_deleted(self.ask(f"messages/{message['id']}/delete/"), {message["id"]})

    @rule()
    def clear(self) -> None:
        there = {row["id"] for row in self.rows() if row["deleted_at"] is None}
        self.was_deleted(self.ask(f"sessions/{self.session}/clear/"), there)

    def was_deleted(self, response: httpx.Response, ids: set[int]) -> None:
        if response.status_code == 200 and ids:
            self.deleted |= ids
            self.acts.append((re.search(r'name="moment" value="(\d+)"', response.text)[1], ids))

    @rule(place=places)
    def undo(self, place: int) -> None:
        if not self.acts:
            return
        moment, ids = self.acts.pop(place % len(self.acts))
        self.ask("trash/restore/", (200,), moment=moment)
        self.deleted -= ids

    @rule()
    def delete_the_chat_and_bring_it_back(self) -> None:
        self.ask(f"sessions/{self.session}/delete/", (200,))
        assert self.http.get(f"chat/{self.session}/").status_code == 404
        self.ask("trash/restore/", (200,), session=str(self.session))
        assert self.http.get(f"chat/{self.session}/").status_code == 200

    @rule(title=st.sampled_from(["Курсы", "Отпуск", "Налоги"]))
    def rename(self, title: str) -> None:
        self.ask(f"sessions/{self.session}/title/", (200,), title=title)
        self.title = title

    @rule(seconds=st.sampled_from([0.05, 0.3, 0.8]))
    def watch_for_a_while(self, seconds: float) -> None:
        """Connects, reads, and is gone in the middle of an event."""
        replies, ends = self.shown("assistant"), time.monotonic() + seconds
        if not replies:
            return
        reply = replies[-1]["id"]
        with (
            contextlib.suppress(httpx.TimeoutException),
            self.http.stream("GET", f"messages/{reply}/stream/", timeout=httpx.Timeout(10, read=seconds)) as stream,
        ):
            for _ in stream.iter_raw():
                if time.monotonic() > ends:
                    return

    @rule()
    def wait(self) -> None:
        ends = time.monotonic() + 1.5
        while self.running() and time.monotonic() < ends:
            time.sleep(0.05)

    @rule(politely=st.booleans())
    def restart(self, politely: bool) -> None:
        if self.kills == KILLS:
            return
        self.kills += 1
        Conversation.restarts += 1
        if politely:
            self.server.terminate()
            self.server.wait(20)
        self.server.kill()
        self.server.start()

    # What must hold whatever was done

    @invariant()
    def what_was_acknowledged_is_there_word_for_word(self) -> None:
        stored = {row["id"]: row for row in self.rows()}
        for pk, text in self.sent.items():
            assert stored[pk]["content"] == text
        assert {pk for pk, row in stored.items() if row["deleted_at"]} == self.deleted

    @invariant()
    def no_text_shrinks(self) -> None:
        for row in self.rows():
            assert row["content"].startswith(self.read.get(row["id"], ""))
            self.read[row["id"]] = row["content"]
        assert not set(self.read) - {row["id"] for row in self.rows()}

    @invariant()
    def at_most_one_reply_is_written_and_none_waits_for_the_dead(self) -> None:
        running = self.running()
        assert len(running) <= 1
        for reply in running:
            until = datetime.fromisoformat(reply["lease_until"]).replace(tzinfo=UTC)
            assert datetime.now(UTC) < until + LONGEST_WAIT

    @invariant()
    def what_is_shown_is_one_path(self) -> None:
        path = [row for row in self.rows() if row["shown"]]
        assert [row["parent_id"] for row in path] == [None, *(row["id"] for row in path)][: len(path)]

    @invariant()
    def a_title_given_by_hand_stays(self) -> None:
        [chat] = self.server.rows("SELECT * FROM gemini_chatsession WHERE id = ?", self.session) or [{}]
        assert not self.title or (chat["title"], chat["title_origin"]) == (self.title, "hand")

    @invariant()
    def the_page_shows_it(self) -> None:
        if self.session:
            page = self.http.get(f"chat/{self.session}/", headers={"HX-Request": ""})
            assert page.status_code == 200
            for row in self.shown("user")[-2:]:
                assert row["content"].partition(" [[")[0] in page.text


@pytest.fixture
def walked() -> Iterator[type[Conversation]]:
    with Emulator(pace=0.005, first_token=0.01) as upstream, Server(upstream, DRAIN_SECONDS="1") as server:
        Conversation.server = server
        yield Conversation
        assert "Traceback" not in server.log(), server.log()


def test_no_walk_through_a_conversation_breaks_what_it_promises(walked):
    run_state_machine_as_test(
        walked,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            # To make a failing walk shorter would take a server and an hour; what it did is printed.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    write(
        "Случайные прогулки по разговору",
        "ни одно обещание не нарушено ни после какого шага",
        f"{walked.people} прогулок, {spaced(walked.acts_done)} действий, {walked.restarts} перезапусков и `kill -9`",
    )
