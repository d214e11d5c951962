"""What Gemini can refuse, through each interface that waits for an answer: status, words, code, when to ask again."""

import pytest

from gemini.models import ChatMessage, GeminiCall
from tests import factories

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]

OVERLOADED = "Модель Gemini перегружена. Пожалуйста, попробуйте позже."
QUOTA = "Исчерпана квота Gemini для этого ключа."
# The emulator's failure → status, code, words, seconds after which Google says to try again.
FAILURES = {
    "key": (400, "api_key_invalid", "Неверный API ключ", None),
    "leaked": (400, "api_key_invalid", "Неверный API ключ", None),
    "region": (500, "region_unsupported", "Gemini недоступен из региона, в котором работает сервер.", None),
    "429 retry=61": (500, "quota_exceeded", QUOTA, 61),
    "429-day": (500, "quota_exceeded", QUOTA, 52_758),
    "503": (500, "model_overloaded", OVERLOADED, None),
    "500": (500, "upstream_error", "Ошибка Gemini API.", None),
    "504": (500, "timeout", "Gemini не ответил вовремя.", None),
    "404": (500, "model_unavailable", "Эта модель недоступна: её нет, или ключ не даёт к ней доступа.", None),
    "blocked": (400, "prompt_blocked", "Запрос отклонён фильтром безопасности Gemini.", None),
    "empty": (500, "empty_response", "Gemini вернул пустой ответ.", None),
    "malformed": (500, "upstream_error", "Ошибка Gemini API.", None),
    "cut @0": (500, "upstream_error", "Ошибка Gemini API.", None),
}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr("gemini.engines.base.RETRY_DELAYS", (0.01, 0.01))


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


@pytest.fixture(params=FAILURES)
def failure(request):
    status, code, words, seconds = FAILURES[request.param]
    body = {"error": words, "code": code} | ({"retry_after": seconds} if seconds else {})
    return f"[[fail {request.param}]]", status, body


def check(response, status, body):
    assert (response.status_code, response.json()) == (status, body)
    assert response.headers.get("Retry-After") == (str(body["retry_after"]) if "retry_after" in body else None)


def test_rest_tells_it_and_keeps_the_message(owner, session, failure):
    prompt, status, body = failure
    check(owner.post(f"chat-sessions/{session.pk}/send_message/", {"content": prompt}), status, body)
    assert session.messages.get(role="user").content == prompt
    reply = owner.get(f"chat-sessions/{session.pk}/reply/").json()
    assert (reply["status"], reply["code"], reply["error"]) == ("failed", body["code"], body["error"])
    check(owner.post(f"chat-sessions/{session.pk}/retry/"), status, body)
    assert session.messages.filter(role="user").count() == 1


def test_json_tells_it_and_keeps_the_message(owner, session, failure):
    prompt, status, body = failure
    response = owner.post("/gemini/send-message/", {"session_id": session.pk, "message": prompt})
    check(response, status, {"success": False} | body)
    assert session.messages.get(role="user").content == prompt


@pytest.mark.parametrize("action", ["analyze_text", "generate_response"])
def test_a_one_shot_call_tells_it_and_stores_nothing_but_what_it_cost(owner, session, failure, action):
    prompt, status, body = failure
    check(owner.post(f"api/{action}/", {"prompt": prompt, "session_id": session.pk}), status, body)
    assert not ChatMessage.objects.exists()
    assert GeminiCall.objects.get().code == body["code"]


@pytest.mark.parametrize(("kind", "reason"), [("safety", "SAFETY"), ("max-tokens", "MAX_TOKENS")])
def test_an_answer_that_was_cut_short_is_an_answer(owner, session, kind, reason):
    body = {"session_id": session.pk, "message": f"[[words 20]] [[fail {kind}]]"}
    answer = owner.post("/gemini/send-message/", body).json()
    assert answer["success"] is True
    assert answer["response"].startswith("слово1 ")
    assert answer["metadata"]["finish_reason"] == reason
