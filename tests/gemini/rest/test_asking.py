"""Calls that ask Gemini: by REST and JSON, answered and failed, once and twice."""

import pytest

from gemini.models import ChatMessage, ChatSession, GeminiCall
from tests import factories

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


def send(owner, session, content, **headers):
    return owner.post(f"chat-sessions/{session.pk}/send_message/", {"content": content}, **headers)


def test_a_message_is_answered_with_both(owner, session):
    body = send(owner, session, "[[words 2]]").json()
    assert set(body) == {"user_message", "assistant_message"}
    assert body["assistant_message"]["content"] == "слово1 слово2"
    assert body["assistant_message"]["response_time"] > 0
    assert body["user_message"]["response_time"] is None
    call = GeminiCall.objects.get(purpose="reply")
    assert body["user_message"]["tokens_used"] + body["assistant_message"]["tokens_used"] == call.total_tokens
    assert call.interface == "rest"


def test_without_a_key_the_message_waits_for_one(owner, session, settings, alice):
    settings.GEMINI_API_KEY = ""
    response = send(owner, session, "[[key]]", **{"Idempotency-Key": "k"})
    assert response.status_code == 400
    assert response.json() == {"error": "API ключ не настроен", "code": "api_key_missing"}
    factories.give_key(alice, "test-own-key-1234")
    again = send(owner, session, "[[key]]", **{"Idempotency-Key": "k"})
    assert again.json()["assistant_message"]["content"] == "1234"
    assert session.messages.filter(role="user").count() == 1


def test_a_failed_reply_is_retried(owner, session, settings, alice):
    settings.GEMINI_API_KEY = ""
    send(owner, session, "[[key]]")
    factories.give_key(alice, "test-own-key-1234")
    retried = owner.post(f"chat-sessions/{session.pk}/retry/")
    assert retried.json()["assistant_message"]["content"] == "1234"
    assert owner.post(f"chat-sessions/{session.pk}/retry/").status_code == 409


@pytest.mark.parametrize("action", ["analyze_text", "generate_response"])
def test_a_one_shot_call_is_stored_in_a_new_session_or_not_at_all(owner, action):
    unsaved = owner.post(f"api/{action}/", {"prompt": "[[words 2]]", "save_to_session": False}).json()
    assert (unsaved["success"], unsaved["response"]) == (True, "слово1 слово2")
    assert [unsaved[name] for name in ("session_id", "user_message_id", "assistant_message_id")] == [None] * 3
    assert not ChatMessage.objects.exists()
    saved = owner.post(f"api/{action}/", {"prompt": "[[words 2]]"}).json()
    reply = ChatMessage.objects.get(pk=saved["assistant_message_id"])
    assert (reply.session_id, reply.parent_id) == (saved["session_id"], saved["user_message_id"])
    assert reply.tokens_used + reply.parent.tokens_used == saved["metadata"]["usage_metadata"]["totalTokenCount"]


def test_a_one_shot_call_has_its_sessions_history_for_context(owner, stranger, session, live):
    factories.make_reply(session)
    body = {"prompt": "А дальше?", "session_id": session.pk}
    assert owner.post("api/generate_response/", body).json()["session_id"] == session.pk
    assert [entry["turns"] for entry in live.log()] == [3]
    assert stranger.post("api/generate_response/", body).json()["code"] == "session_not_found"


def test_a_one_shot_call_repeated_is_one_and_a_failed_one_stores_nothing(owner):
    headers = {"Idempotency-Key": "k"}
    first = owner.post("api/generate_response/", {"prompt": "[[words 2]]"}, **headers)
    assert owner.post("api/generate_response/", {"prompt": "[[words 2]]"}, **headers).json() == first.json()
    assert ChatSession.objects.count() == 1
    assert owner.post("api/generate_response/", {"prompt": "иное"}, **headers).status_code == 422
    assert owner.post("api/generate_response/", {"prompt": "[[fail blocked]]"}).status_code == 400
    assert ChatSession.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"prompt": " "}, {"max_tokens": 0}, {"max_tokens": 4001}, {"temperature": 1.1}, {"temperature": "0.5"}]
)
def test_what_is_out_of_bounds_is_refused_by_field(owner, change):
    response = owner.post("api/generate_response/", {"prompt": "Привет", **change})
    assert (response.status_code, list(response.json())) == (400, list(change))


def test_statistics_hold_every_documented_key(owner, alice, bob, session):
    send(owner, session, "[[words 2]]")
    send(owner, session, " [[WORDS 2]]")
    factories.make_session(bob)
    keys = {"total_sessions", "active_sessions", "total_messages", "total_tokens", "total_tokens_used"} | {
        "average_messages_per_session",
        "average_tokens_per_message",
        "average_response_time",
        "sessions_by_user",
        "recent_sessions",
        "top_prompts",
    }
    for path in ("chat-sessions/stats/", "api/stats/"):
        body = owner.get(path).json()
        assert set(body) == keys
        assert (body["total_sessions"], body["total_messages"], body["sessions_by_user"]) == (1, 4, {"alice": 1})
        assert body["average_tokens_per_message"] == round(body["total_tokens"] / 4, 2)
        assert body["top_prompts"] == [{"prompt": "[[WORDS 2]]", "count": 2}]
        assert body["recent_sessions"][0]["last_message"]
    alice.is_staff = True
    alice.save()
    factories.make_message(factories.make_session(bob), "тайна")
    whole = owner.get("api/stats/")
    assert whole.json()["sessions_by_user"] == {"alice": 1, "bob": 2}
    assert "тайна" not in whole.content.decode()
    assert owner.get("chat-sessions/stats/").json()["sessions_by_user"] == {"alice": 1}
