"""The life of a reply through the service, in this process: a thread of its own, a real engine, the emulator."""

import pytest

from gemini.exceptions import IdempotencyMismatch, NotRetriable, ReplyInProgress, SessionNotFound, ShuttingDown
from gemini.models import ChatMessage, ChatSession, GeminiCall
from gemini.replies import runtime, store
from gemini.service import GeminiService
from tests import factories
from tests.processes import wait_until

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


def ask(service, text="[[words 5]]", session=None, **options):
    return service.wait(service.send(session, text, **options))


def test_a_message_and_its_reply_are_stored_with_what_they_cost(service):
    exchange = ask(service)
    reply = exchange.reply
    assert (reply.status, reply.content) == ("done", "слово1 слово2 слово3 слово4 слово5")
    assert reply.parent == exchange.user_message
    assert reply.metadata["finish_reason"] == "STOP"
    assert reply.response_time > 0
    assert exchange.user_message.tokens_used + reply.tokens_used == reply.metadata["usage_metadata"]["totalTokenCount"]
    assert reply.lease_until is None


def test_a_first_message_makes_a_session_which_the_model_names(service):
    session = ask(service, "Сколько стоит доставка по Минску").session
    wait_until(lambda: GeminiCall.objects.filter(purpose="title").exists())
    session.refresh_from_db()
    assert (session.title, session.title_origin) == ("Сколько стоит доставка по", "model")


def test_where_no_title_can_be_made_the_first_words_stay_until_the_next_message(service, settings):
    settings.GEMINI_TITLE_MODEL = "gemini-nope"
    session = ask(service, "Доставка по Минску").session
    wait_until(lambda: GeminiCall.objects.filter(purpose="title", code="model_unavailable").exists())
    session.refresh_from_db()
    assert (session.title, session.title_origin) == ("Доставка по Минску", "prompt")
    settings.GEMINI_TITLE_MODEL = "gemini-flash-lite-latest"
    ask(service, "А по Гродно", session)
    wait_until(lambda: GeminiCall.objects.filter(purpose="title", code="").exists())
    session.refresh_from_db()
    assert session.title_origin == "model"


def test_a_title_given_by_hand_is_not_overwritten(service, alice):
    session = factories.make_session(alice, "Моё")
    ask(service, "Привет", session)
    store.name_session(session.pk, "Чужое")
    session.refresh_from_db()
    assert session.title == "Моё"


def test_every_request_leaves_a_row_in_the_ledger_that_outlives_the_messages(service, alice):
    exchange = ask(service, "[[words 5]]")
    service.delete(exchange.session)
    call = GeminiCall.objects.get(purpose="reply")
    assert (call.user, call.interface, call.key_origin, call.code) == (alice, "tests", "server", "")
    assert call.total_tokens == exchange.reply.metadata["usage_metadata"]["totalTokenCount"]
    assert call.first_token_ms <= call.duration_ms


def test_history_goes_along_without_what_failed(service, live):
    session = ask(service, "[[echo]] первое").session
    ask(service, "[[fail empty]]", session)
    ask(service, "третье", session)
    turns = next(entry["turns"] for entry in reversed(live.log()) if entry["prompt"] == "третье")
    assert turns == 3


def test_a_second_send_while_one_is_answered_is_refused_and_stores_nothing(service):
    exchange = service.send(None, "[[words 500]] [[pace 0.05]]")
    with pytest.raises(ReplyInProgress):
        service.send(exchange.session, "Ещё")
    assert exchange.session.messages.count() == 2
    assert service.stop(exchange.reply).status == "stopped"


def test_a_stopped_reply_keeps_its_text_and_can_be_retried_in_its_place(service):
    exchange = service.send(None, "[[words 500]] [[pace 0.01]]")
    wait_until(lambda: runtime.live[exchange.reply.pk].length)
    stopped = service.stop(exchange.reply)
    assert stopped.content.startswith("слово1")
    again = service.retry(stopped)
    service.stop(again.reply)
    shown = list(exchange.session.messages.shown())
    assert shown == [exchange.user_message, again.reply]
    assert ChatMessage.objects.get(pk=stopped.pk).content == stopped.content


def test_only_the_last_reply_is_retried_and_only_when_it_did_not_end_well(service):
    first = ask(service, "[[fail empty]]")
    second = ask(service, "[[words 1]]", first.session)
    for reply in (first.reply, second.reply, second.user_message):
        with pytest.raises(NotRetriable):
            service.retry(reply)


def test_a_message_sent_twice_with_one_key_is_one_message(service):
    exchange = ask(service, "[[words 1]]", idempotency_key="k")
    repeated = service.send(None, "[[words 1]]", idempotency_key="k")
    assert repeated.repeated
    assert repeated.reply == exchange.reply
    assert ChatSession.objects.count() == 1
    with pytest.raises(IdempotencyMismatch):
        service.send(None, "другое", idempotency_key="k")


def test_keys_of_different_users_and_sessions_have_nothing_to_do_with_each_other(service, bob):
    first = ask(service, "[[words 1]]", idempotency_key="k")
    assert not ask(GeminiService(bob), "[[words 1]]", idempotency_key="k").repeated
    assert not ask(service, "[[words 1]]", first.session, idempotency_key="k").repeated


def test_nobody_sends_stops_or_retries_in_anothers_session(service, bob):
    theirs = ask(GeminiService(bob), "[[fail empty]]")
    for attempt in (
        lambda: service.send(theirs.session, "Привет"),
        lambda: service.retry(theirs.reply),
        lambda: service.stop(theirs.reply),
        lambda: service.delete(theirs.session),
    ):
        with pytest.raises(SessionNotFound):
            attempt()
    assert theirs.session.messages.count() == 2


def test_without_a_key_the_message_is_kept_and_answered_once_there_is_one(service, alice, settings):
    settings.GEMINI_API_KEY = ""
    exchange = service.send(None, "[[key]]")
    assert (exchange.reply.status, exchange.reply.error_code) == ("failed", "api_key_missing")
    factories.give_key(alice, "test-own-key-1234")
    assert service.wait(service.retry(exchange.reply)).reply.content == "1234"


def test_a_draining_process_takes_no_work(service, monkeypatch):
    monkeypatch.setattr(runtime, "draining", True)
    with pytest.raises(ShuttingDown):
        service.send(None, "Привет")
    assert not ChatSession.objects.exists()
