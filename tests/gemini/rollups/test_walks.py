"""Walks at random over every write that the product has; after each step nothing that is kept may be wrong."""

import contextlib
import os
from datetime import timedelta

import hypothesis
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gemini import history, transfer, trash
from gemini.engines.base import Usage
from gemini.exceptions import GeminiError
from gemini.models import ChatMessage, ChatSession, GeminiCall
from gemini.replies import branches, store
from gemini.usage import ledger
from tests import factories
from tests.gemini.rollups.counted import assert_kept

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

OWNER = "walker"
PROMPTS = ["Продолжай", " продолжай\n", "ПРОДОЛЖАЙ", "Курс доллара?", "İstanbul", "straße", "STRASSE", "Ещё"]
prompts, places, people = st.sampled_from(PROMPTS), st.integers(0, 30), st.integers(0, 1)
seconds = st.sampled_from([0.0, 0.001, 1.25, 7.1234567])


class Writing(RuleBasedStateMachine):
    walkers = 0

    def __init__(self):
        super().__init__()
        self.beginning = transaction.savepoint()

    def teardown(self):
        transaction.savepoint_rollback(self.beginning)

    @initialize()
    def begin(self):
        Writing.walkers += 1
        self.users = [factories.make_user(f"walker{self.walkers}{name}") for name in "ab"]

    def user(self, number):
        return self.users[number]

    def chosen(self, rows, place):
        found = list(rows.order_by("pk"))
        return found[place % len(found)] if found else None

    def messages(self, **which):
        return ChatMessage.objects.filter(session__user__in=self.users, **which)

    def try_to(self, act, *arguments, **named):
        """A refusal changes nothing, which is looked at as well."""
        with contextlib.suppress(GeminiError):
            return act(*arguments, **named)

    @rule(number=people, place=places, prompt=prompts, new=st.booleans())
    def send(self, number, place, prompt, new):
        session = None if new else self.chosen(ChatSession.objects.for_user(self.user(number)), place)
        self.try_to(store.begin, self.user(number), session and session.pk, prompt, owner=OWNER, metadata={})

    @rule(place=places, text=st.sampled_from(["", "Ответ", "Ответ дальше"]))
    def save_what_has_come(self, place, text):
        if reply := self.chosen(self.messages(status="generating"), place):
            store.checkpoint(OWNER, {reply.pk: text}, [])

    @rule(
        place=places,
        status=st.sampled_from(["done", "failed", "interrupted"]),
        text=prompts | st.just(""),
        time=seconds,
    )
    def end(self, place, status, text, time):
        ending = store.Ending(status, text, response_time=time, usage=Usage(prompt=3, total=5))
        if reply := self.chosen(self.messages(lease_owner=OWNER), place):
            store.finish(reply.pk, OWNER, ending)

    @rule(place=places, act=st.sampled_from([store.stop_elsewhere, lambda pk: store.mark_interrupted([pk])]))
    def stop(self, place, act):
        if reply := self.chosen(self.messages(status="generating"), place):
            act(reply.pk)

    @rule()
    def let_leases_run_out_and_sweep(self):
        self.messages(status="generating").update(lease_until=timezone.now() - timedelta(seconds=1))
        store.sweep()

    @rule(
        place=places,
        act=st.sampled_from([store.begin_again, branches.regenerate, branches.go_on]),
        role=st.sampled_from(["assistant", "user"]),
    )
    def ask_again(self, place, act, role):
        if message := self.chosen(self.messages(role=role), place):
            self.try_to(act, message.session.user, message.pk, owner=OWNER, metadata={})

    @rule(place=places, prompt=prompts)
    def edit(self, place, prompt):
        if message := self.chosen(self.messages(role="user"), place):
            self.try_to(branches.edit, message.session.user, message.pk, prompt, owner=OWNER, metadata={})

    @rule(place=places)
    def show_a_branch(self, place):
        if message := self.chosen(self.messages(), place):
            self.try_to(branches.show, message.session.user, message.pk)

    @rule(place=places, prompt=prompts | st.just(""), role=st.sampled_from(["user", "assistant", "system"]))
    def add_by_the_api(self, place, prompt, role):
        if session := self.chosen(ChatSession.objects.filter(user__in=self.users), place):
            self.try_to(history.add, session.user, session.pk, role, prompt)

    @rule(place=places, prompt=prompts | st.just(""))
    def change_by_the_api(self, place, prompt):
        if message := self.chosen(self.messages(), place):
            self.try_to(history.change, message.session.user, message.pk, prompt)

    @rule(number=people, prompt=prompts, time=seconds)
    def store_a_one_shot_answer(self, number, prompt, time):
        history.add_exchange(self.user(number), None, prompt, 3, content="Ответ", response_time=time)

    @rule(place=places)
    def delete_a_message(self, place):
        if message := self.chosen(self.messages(), place):
            self.try_to(trash.delete_message, message.session.user, message.pk)

    @rule(number=people, first=places, second=places)
    def delete_sessions(self, number, first, second):
        sessions = ChatSession.objects.for_user(self.user(number))
        ids = [session.pk for place in (first, second) if (session := self.chosen(sessions, place))]
        trash.delete_sessions(self.user(number), ids)

    @rule(number=people, place=places)
    def clear(self, number, place):
        if session := self.chosen(ChatSession.objects.for_user(self.user(number)), place):
            self.try_to(trash.clear, self.user(number), session.pk)

    @rule(number=people, place=places, act=st.sampled_from([trash.restore, trash.restore, trash.purge_act]))
    def undo_an_act_or_make_it_final(self, number, place, act):
        user = self.user(number)
        moments = {row.deleted_at for model in (ChatSession, ChatMessage) for row in model.objects.in_trash_of(user)}
        if moments:
            act(user, sorted(moments)[place % len(moments)])

    @rule(number=people, place=places, act=st.sampled_from([trash.restore_session, trash.purge_session]))
    def bring_a_session_back_or_purge_it(self, number, place, act):
        if session := self.chosen(ChatSession.objects.in_trash_of(self.user(number)), place):
            act(self.user(number), session.pk)

    @rule(number=people, act=st.sampled_from([trash.empty, lambda user: trash.purge_old(0)]))
    def empty_the_trash(self, number, act):
        act(self.user(number))

    @rule(number=people, from_whom=people)
    def import_copies(self, number, from_whom):
        file = "".join(transfer.all_json(self.user(from_whom)))
        # A walk that doubles its chats again and again would be over in no time.
        if self.messages().count() < 150:
            transfer.take_in(self.user(number), file.encode(), copies=True)

    @rule(
        number=people,
        days=st.sampled_from([0, 0, 400]),
        code=st.sampled_from(["", "", "timeout"]),
        duration=st.sampled_from([5, 15, 155, 1000]),
        first=st.sampled_from([None, 5]),
        total=st.sampled_from([0, 150]),
    )
    def make_a_call(self, number, days, code, duration, first, total):
        call = GeminiCall(
            user=self.user(number),
            created_at=timezone.now() - timedelta(days=days),
            purpose="reply",
            code=code,
            duration_ms=duration,
            first_token_ms=first,
            prompt_tokens=100,
            total_tokens=total,
        )
        ledger.record(call)

    @rule(number=people, chance=st.integers(0, 4))
    def erase(self, number, chance):
        if chance == 0:
            trash.erase(self.user(number))

    @rule(place=places, other=places, what=st.sampled_from(["session", "timestamp", "role", "response_time"]))
    def write_past_the_product(self, place, other, what):
        """What a shell, a fixture or a later version may do."""
        message = self.chosen(self.messages(), place)
        if message is None:
            return
        changes = {
            "session": self.chosen(ChatSession.objects.filter(user__in=self.users), other),
            "timestamp": message.timestamp - timedelta(days=40),
            "role": "assistant" if message.role == "user" else "user",
            "response_time": None if message.response_time else 2.5,
        }
        # A session has one reply that is being written.
        self.messages(pk=message.pk).exclude(status="generating").update(**{what: changes[what]})

    @rule(place=places, number=people, act=st.sampled_from(["another's", "longer", "away"]))
    def change_the_ledger(self, place, number, act):
        calls = GeminiCall.objects.filter(user__in=self.users)
        if call := self.chosen(calls, place):
            changes = {"another's": {"user": self.user(number)}, "longer": {"duration_ms": 555, "first_token_ms": 1}}
            call.delete() if act == "away" else calls.filter(pk=call.pk).update(**changes[act])

    @invariant()
    def nothing_that_is_kept_is_wrong(self):
        assert_kept(*self.users)


def test_no_walk_over_all_that_is_written_makes_a_sum_wrong(settings):
    settings.LIVE_REPLIES_PER_USER = 0
    run_state_machine_as_test(
        Writing,
        settings=hypothesis.settings(
            max_examples=int(os.environ.get("WALKS", "10")),
            stateful_step_count=50,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
