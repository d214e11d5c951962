"""Editing, asking again, going back: through the service, with a real engine and the emulator."""

import threading

import pytest

from gemini.exceptions import (
    IdempotencyMismatch,
    InvalidMessage,
    MessageNotFound,
    NotEditable,
    NotRegenerable,
    ReplyInProgress,
    ShuttingDown,
)
from gemini.models import ChatMessage
from gemini.replies import runtime
from gemini.service import GeminiService
from tests.processes import wait_until

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


@pytest.fixture
def talk(service):
    """Two questions with their answers: [question, answer, question, answer]."""
    first = service.wait(service.send(None, "[[echo]] один"))
    second = service.wait(service.send(first.session, "[[echo]] два"))
    return [first.user_message, first.reply, second.user_message, second.reply]


def shown(message):
    return [row.content for row in message.session.messages.shown()]


def variants(message):
    return ChatMessage.objects.get(pk=message.pk).variants


def test_an_edited_question_is_asked_beside_the_old_one_with_the_history_before_it(service, talk, live):
    exchange = service.wait(service.edit(talk[2], "[[echo]] второй"))
    assert shown(talk[0]) == ["[[echo]] один", "один", "[[echo]] второй", "второй"]
    assert exchange.user_message.parent == talk[1]
    assert [entry["turns"] for entry in live.log() if "второй" in entry["prompt"]] == [3]
    assert ChatMessage.objects.get(pk=talk[3].pk).content == "два"


def test_the_first_question_is_edited_and_all_that_followed_can_be_reached_again(service, talk):
    new = service.wait(service.edit(talk[0], "[[echo]] первый")).user_message
    assert shown(new) == ["[[echo]] первый", "первый"]
    assert (new.parent, variants(new).previous, variants(new).total) == (None, talk[0].pk, 2)
    service.show(talk[0])
    assert shown(new) == [message.content for message in talk]
    service.show(new)
    assert shown(new) == ["[[echo]] первый", "первый"]


def test_an_answer_is_asked_for_again_and_earlier_ones_are_kept(service, talk):
    again = service.wait(service.regenerate(talk[3])).reply
    assert again.parent == talk[2]
    third = service.wait(service.regenerate(again)).reply
    assert shown(third)[-1] == "два"
    assert (variants(third).number, variants(third).total, variants(third).previous) == (3, 3, again.pk)
    service.show(talk[3])
    assert variants(talk[3]).next == again.pk
    assert [row.pk for row in third.session.messages.shown()][-1] == talk[3].pk


def test_an_answer_in_the_middle_takes_what_followed_it_along(service, talk):
    again = service.wait(service.regenerate(talk[1])).reply
    assert shown(again) == ["[[echo]] один", "один"]
    service.show(talk[1])
    assert shown(again) == [message.content for message in talk]


def test_going_back_leads_to_where_that_branch_was_left(service, talk):
    edited = service.wait(service.edit(talk[2], "[[echo]] второй")).user_message
    service.show(talk[2])
    service.wait(service.regenerate(talk[1]))
    service.show(talk[1])
    assert shown(talk[0])[2:] == ["[[echo]] два", "два"], "the branch that was open, not the newest"
    service.show(edited)
    assert shown(talk[0])[2:] == ["[[echo]] второй", "второй"]


def test_a_message_of_a_hidden_branch_is_shown_with_the_way_to_it(service, talk):
    service.wait(service.edit(talk[0], "[[echo]] первый"))
    service.show(talk[3])
    assert shown(talk[0]) == [message.content for message in talk]


def test_a_stale_tab_edits_and_regenerates_in_the_branch_that_it_shows(service, talk):
    service.wait(service.edit(talk[0], "[[echo]] первый"))
    service.wait(service.regenerate(talk[3]))
    assert shown(talk[0]) == ["[[echo]] один", "один", "[[echo]] два", "два"]


def test_what_was_deleted_and_comes_back_has_kept_its_place(service, talk):
    ChatMessage.objects.filter(pk=talk[3].pk).update(deleted_at=talk[3].timestamp)
    third = service.wait(service.send(talk[0].session, "[[echo]] три"))
    assert third.user_message.parent_id == talk[3].pk
    ChatMessage.objects.filter(pk=talk[3].pk).update(deleted_at=None)
    assert shown(talk[0])[2:] == ["[[echo]] два", "два", "[[echo]] три", "три"]
    assert variants(third.user_message).total == 1


def test_only_what_can_be_asked_is_asked(service, talk):
    with pytest.raises(NotEditable):
        service.edit(talk[1], "Текст")
    with pytest.raises(NotRegenerable):
        service.regenerate(talk[0])
    with pytest.raises(InvalidMessage):
        service.edit(talk[0], "  ")
    ChatMessage.objects.filter(pk=talk[2].pk).update(deleted_at=talk[2].timestamp)
    with pytest.raises(NotRegenerable):
        service.regenerate(talk[3])
    assert talk[0].session.messages.count() == 4


def test_nothing_turns_while_a_reply_runs(service, talk):
    running = service.send(talk[0].session, "[[words 500]] [[pace 0.05]]").reply
    for change in (
        lambda: service.edit(talk[0], "Иначе"),
        lambda: service.regenerate(talk[1]),
        lambda: service.show(talk[1]),
        lambda: service.regenerate(running),
    ):
        with pytest.raises(ReplyInProgress):
            change()
    assert running.session.messages.shown().count() == 6
    service.stop(running)


def test_nobody_turns_anothers_conversation(talk, bob):
    service = GeminiService(bob)
    for change in (
        lambda: service.edit(talk[0], "Моё"),
        lambda: service.regenerate(talk[1]),
        lambda: service.continue_reply(talk[3]),
        lambda: service.show(talk[1]),
    ):
        with pytest.raises(MessageNotFound):
            change()
    assert talk[0].session.messages.count() == 4


def test_a_draining_process_begins_no_branch(service, talk, monkeypatch):
    monkeypatch.setattr(runtime, "draining", True)
    for change in (lambda: service.edit(talk[0], "Иначе"), lambda: service.regenerate(talk[3])):
        with pytest.raises(ShuttingDown):
            change()
    assert shown(talk[0])[-1] == "два"


def test_sent_again_with_its_key_an_edit_is_the_same_edit(service, talk):
    first = service.wait(service.edit(talk[0], "[[echo]] первый", idempotency_key="k"))
    again = service.edit(talk[0], "[[echo]] первый", idempotency_key="k")
    assert (again.repeated, again.reply) == (True, first.reply)
    with pytest.raises(IdempotencyMismatch):
        service.edit(talk[0], "другое", idempotency_key="k")
    with pytest.raises(IdempotencyMismatch):
        service.regenerate(talk[3], idempotency_key="k")


def test_of_many_clicks_at_once_one_begins_a_reply(service, talk):
    outcomes = []

    def click(key):
        from django.db import connection

        try:
            outcomes.append(service.regenerate(talk[3], idempotency_key=key).reply.pk)
        except ReplyInProgress:
            outcomes.append(None)
        finally:
            connection.close()

    # Two clicks in one tab, and one in each of two others.
    threads = [threading.Thread(target=click, args=(key,)) for key in ("tab", "tab", "other", "third")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: not runtime.live)
    assert len(outcomes) == 4
    assert talk[0].session.messages.shown().count() == 4
    begun = talk[0].session.messages.count() - 4
    assert begun == len(set(outcomes) - {None}), outcomes
