"""A call in the ledger leads to the message that it made, and never depends on it."""

import pytest

from gemini import replies
from gemini.models import ChatMessage, GeminiCall
from gemini.replies import runtime
from gemini.service import GeminiService
from gemini.usage import ledger
from tests import factories
from tests.processes import wait_until


def test_a_reply_and_a_stored_one_shot_answer_are_what_their_calls_lead_to(live, alice):
    service = GeminiService(alice, "rest")
    exchange = service.answered(service.send(None, "Привет"))
    assert GeminiCall.objects.get(purpose="reply").message == exchange.reply
    generation = service.generate("Привет", save=True)
    assert GeminiCall.objects.get(purpose="generate").message_id == generation.assistant_message_id
    service.generate("Не хранить")
    assert GeminiCall.objects.filter(purpose="generate", message=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_is_in_the_ledger_also_when_its_message_was_deleted_meanwhile(alice):
    message = factories.make_message(factories.make_session(alice))
    call = GeminiCall(user=alice, interface="pages", purpose="reply", key_origin="own", message_id=message.pk)
    ChatMessage.objects.all().delete()
    ledger.record(call)
    stored = GeminiCall.objects.get()
    assert (stored.message_id, stored.interface) == (None, "pages")


def test_a_chat_deleted_for_good_while_it_is_answered_costs_the_ledger_nothing(live, alice):
    exchange = GeminiService(alice).send(None, "[[words 300]] [[pace 0.01]]")
    exchange.session.delete()
    runtime.call(replies.abandon_session(exchange.reply.session_id))
    wait_until(lambda: not runtime.live)
    wait_until(lambda: GeminiCall.objects.filter(purpose="reply").exists())
    assert GeminiCall.objects.get(purpose="reply").message_id is None
