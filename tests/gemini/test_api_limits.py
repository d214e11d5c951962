"""How often the APIs answer one caller, and how much of the server one user may take."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient, Client
from django.urls import reverse

from gemini import throttling
from gemini.exceptions import DailyLimitReached, TooManyReplies
from gemini.models import ChatMessage, GeminiCall
from gemini.service import GeminiService
from tests import factories
from tests.gemini.rest.conftest import Caller

REST = "/api/v1/gemini/chat-sessions/"
JSON = "/gemini/test-api-key/"
LIMITED = {"error": "Слишком много запросов. Попробуйте позже.", "code": "rate_limited"}


@pytest.fixture
def few(settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "api": "3 per minute", "api_anonymous": "3 per minute"}


@pytest.mark.django_db
def test_rest_and_json_count_together_by_user_and_say_when_to_come_again(few, alice, bob):
    owner, stranger = Caller(alice), Caller(bob)
    for _ in range(3):
        assert owner.get(REST).status_code == 200
    rest, json = owner.get(REST), owner.post(JSON, {"api_key": "x"})
    assert (rest.status_code, json.status_code) == (429, 429)
    assert LIMITED.items() <= rest.json().items()
    assert json.json()["success"] is False
    assert LIMITED.items() <= json.json().items()
    for answer in (rest, json):
        assert int(answer.headers["Retry-After"]) == answer.json()["retry_after"]
    # By the cookie it is the same user; another user is another.
    assert owner.client.get(REST, headers={"Authorization": ""}).status_code == 401
    assert stranger.get(REST).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Session 0123456789abcdef"}])
def test_who_has_no_session_or_guesses_one_is_counted_by_address(few, headers):
    def call(address="198.51.100.1", **more):
        return Client(headers=headers | more).get(REST, REMOTE_ADDR=address).status_code

    assert [call(**{"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(4)] == [401, 401, 401, 429]
    assert call("198.51.100.2") == 401


@pytest.mark.django_db
def test_the_schema_is_not_made_for_one_caller_without_end(few):
    statuses = [Client().get("/api/v1/schema/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert Client().get("/api/v1/docs/").json()["code"] == "rate_limited"


@pytest.mark.django_db(transaction=True)
def test_calls_at_once_are_counted_like_calls_in_turn(few):
    key = Caller(factories.make_user("alice")).headers

    def call(_):
        try:
            return Client(headers=key).get(REST).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(call, range(10)))
    assert (statuses.count(200), statuses.count(429)) == (3, 7)


def test_keys_are_not_tried_by_the_dozen(emulator, alices, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "key_test": "2 per minute"}
    url = reverse("gemini:key-test")
    for number in range(2):
        # What cannot be a key asks nobody, and does not count.
        assert alices.post(url, {"api_key": "не ключ"}).status_code == 200
        assert alices.post(url, {"api_key": f"key-{number}"}).status_code == 200
    page = alices.post(url, {"api_key": "a-key"})
    answer = alices.post(JSON, {"api_key": "a-key"}, content_type="application/json")
    assert (page.status_code, answer.status_code) == (429, 429)
    # A list of models that is to be read anew is the same question.
    assert "Слишком много запросов" in alices.get(reverse("gemini:model-list"), {"fresh": "1"}).content.decode()


def send(user, text="[[words 400]] [[pace 0.05]]"):
    return GeminiService(user).send(None, text)


def stop_all(user):
    for reply in ChatMessage.objects.generating():
        GeminiService(user).stop(reply)


def test_of_many_messages_at_once_only_so_many_get_a_reply(live, settings):
    settings.LIVE_REPLIES_PER_USER = 3
    alice, bob = factories.make_user("alice"), factories.make_user("bob")

    def begin(_):
        try:
            return send(alice)
        except TooManyReplies as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(begin, range(8)))
    refused = [outcome for outcome in outcomes if isinstance(outcome, TooManyReplies)]
    assert len(refused) == 5
    assert refused[0].retry_after > 0
    # What is refused is not stored, and nobody else is held responsible.
    assert ChatMessage.objects.filter(role="user").count() == 3
    others = send(bob, "[[words 1]]")
    GeminiService(bob).wait(others)
    stop_all(alice)
    assert send(alice, "[[words 1]]").reply.status == "generating"


def test_a_refused_message_stays_in_the_composer_and_in_the_envelope_of_the_api(live, client_of, settings):
    settings.LIVE_REPLIES_PER_USER = 1
    alice = factories.make_user("alice")
    send(alice)
    page = client_of(alice).post(reverse("gemini:chat-create"), {"content": "Не потеряйте меня"})
    assert page.status_code == 422
    assert "Не потеряйте меня" in page.content.decode()
    assert "Слишком много ответов пишется сразу" in page.content.decode()
    session = factories.make_session(alice)
    answer = Caller(alice).post(f"chat-sessions/{session.pk}/send_message/", {"content": "Привет"})
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == "5"
    stop_all(alice)


def test_one_shot_calls_of_one_user_are_as_many_at_most(live, settings):
    settings.LIVE_REPLIES_PER_USER = 1
    alice = factories.make_user("alice")
    with throttling.asking.held(alice.pk), pytest.raises(TooManyReplies):
        GeminiService(alice).generate("[[words 1]]")
    assert GeminiService(alice).generate("[[words 1]]").text
    assert GeminiService(alice).generate("[[words 1]]").text, "and the place is free again"


async def test_one_user_watches_only_so_many_streams_and_the_next_ends_with_words(live, settings):
    settings.VIEWERS_PER_USER = 1
    alice = await sync_to_async(factories.make_user)("alice")
    client = AsyncClient()
    await sync_to_async(client.force_login)(alice)
    exchange = await GeminiService(alice).asend(None, "[[words 60]] [[pace 0.02]]")
    url = reverse("gemini:reply-stream", args=[exchange.reply.pk])
    first = (await client.get(url)).streaming_content
    await anext(first)
    await anext(first)
    second = b"".join([chunk async for chunk in (await client.get(url)).streaming_content]).decode()
    assert "event: done" in second
    assert "слишком много страниц" in second
    rest = b"".join([chunk async for chunk in first]).decode()
    assert "слово60" in rest
    third = b"".join([chunk async for chunk in (await client.get(url)).streaming_content]).decode()
    assert "слишком много страниц" not in third


def test_the_days_share_of_tokens_is_not_overdrawn_by_replies_at_once(live, settings):
    settings.GEMINI_DAILY_TOKENS = 10_000
    alice = factories.make_user("alice")
    for _ in range(2):
        factories.make_call(alice, key_origin=GeminiCall.KeyOrigin.SERVER, prompt_tokens=3000, total_tokens=3000)

    def begin(_):
        try:
            return send(alice)
        except DailyLimitReached as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(begin, range(6)))
    # 6,000 are spent, 3,000 a call: the second reply still fits, a third would not.
    assert sum(isinstance(outcome, DailyLimitReached) for outcome in outcomes) == 4
    stop_all(alice)
    # On a key of one's own nothing is shared.
    factories.give_key(alice, "own-key")
    assert send(alice, "[[words 1]]").reply.status == "generating"


def test_with_a_new_day_comes_a_new_share(live, settings, monkeypatch):
    settings.GEMINI_DAILY_TOKENS = 1000
    settings.TIME_ZONE = "Europe/Minsk"
    alice = factories.make_user("alice")
    call = factories.make_call(alice, key_origin=GeminiCall.KeyOrigin.SERVER, prompt_tokens=900, total_tokens=1000)
    with pytest.raises(DailyLimitReached) as refused:
        send(alice)
    # It says how long until midnight in the site's own time; a second before it, the call is yesterday's.
    midnight = call.created_at.timestamp() + refused.value.retry_after
    yesterday = call.created_at.fromtimestamp(midnight - 86_400 - 1, tz=call.created_at.tzinfo)
    GeminiCall.objects.filter(pk=call.pk).update(created_at=yesterday)
    assert send(alice, "[[words 1]]").reply.status == "generating"
