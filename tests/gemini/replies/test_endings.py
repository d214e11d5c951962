"""A reply's end and what it cost are written together, or neither is yet."""

import pytest
from django.db import OperationalError

from gemini.models import ChatMessage, GeminiCall
from gemini.replies import endings
from gemini.replies.store import Ending
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]

OWNER = "this process"


@pytest.fixture
def reply(alice):
    return factories.make_reply(factories.make_session(alice), "", status="generating", lease_owner=OWNER)


@pytest.fixture
def call(alice, reply):
    return GeminiCall(user=alice, interface="pages", purpose="reply", key_origin="own", message_id=reply.pk)


def write(reply, call):
    endings.write(reply.pk, OWNER, Ending(status="done", text="Готово"), call)


def test_both_are_there(reply, call):
    write(reply, call)
    stored = GeminiCall.objects.get()
    assert (stored.message, stored.message.content, stored.message.status) == (reply, "Готово", "done")


def test_a_database_that_refuses_one_has_neither_and_takes_both_the_next_time(reply, call, monkeypatch):
    def refuse(_row):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(endings, "insert", refuse)
        with pytest.raises(OperationalError):
            write(reply, call)
    assert not GeminiCall.objects.exists()
    assert ChatMessage.objects.get(pk=reply.pk).status == "generating"
    write(reply, call)
    assert GeminiCall.objects.get().message.status == "done"


def test_what_was_asked_for_a_message_that_is_gone_is_billed_all_the_same(reply, call):
    reply.session.delete()
    write(reply, call)
    assert GeminiCall.objects.get().message is None
    assert not ChatMessage.objects.exists()


def test_nor_is_an_account_that_was_erased_in_the_way(alice, reply, call):
    alice.delete()
    write(reply, call)
    assert not GeminiCall.objects.exists()


def test_what_the_ledger_has_already_is_not_added_again(reply):
    write(reply, None)
    assert ChatMessage.objects.get(pk=reply.pk).status == "done"
    assert not GeminiCall.objects.exists()
