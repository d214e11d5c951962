"""The JSON views at both of their addresses: who may call, what is wrong, what comes back."""

import pytest
from django.test import Client

from gemini.models import ChatMessage, ChatSession
from tests import factories
from tests.gemini.rest.conftest import Caller

PREFIXES = ["/gemini/", "/gemini/api/"]


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


@pytest.fixture
def owner(alice):
    return Caller(alice)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_title_is_updated(owner, session, prefix):
    url = f"{prefix}sessions/{session.pk}/update-title/"
    response = owner.post(url, {"title": " Новое название сессии "})
    assert response.json() == {"success": True, "title": "Новое название сессии"}
    session.refresh_from_db()
    assert session.title == "Новое название сессии"
    refused = owner.post(url, {"title": "  "})
    assert (refused.status_code, refused.json()["code"]) == (400, "title_blank")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "Привет"}, "Неверные параметры запроса: отсутствует session_id"),
        ({"session_id": 1}, "Неверные параметры запроса: отсутствует message"),
        ({"session_id": [1], "message": "Привет"}, "Неверные параметры запроса: недопустимое значение session_id"),
        ("не JSON", "Неверные параметры запроса: тело запроса не является объектом JSON"),
        ("[" * 100_000, "Неверные параметры запроса: тело запроса не является объектом JSON"),
        ('{"session_id": NaN}', "Неверные параметры запроса: тело запроса не является объектом JSON"),
    ],
)
def test_what_is_wrong_is_said(owner, body, words):
    response = owner.post("/gemini/send-message/", body)
    assert response.status_code == 400
    assert response.json()["success"] is False
    assert response.json()["error"] == words


@pytest.mark.parametrize("prefix", PREFIXES)
def test_nobody_a_stranger_a_wrong_key_and_a_wrong_method(prefix, session, bob, owner):
    url, body = f"{prefix}send-message/", {"session_id": session.pk, "message": "Привет"}
    nobody = Caller().post(url, body)
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Session")
    assert nobody.json() == {"success": False, "error": "Требуется авторизация", "code": "unauthorized"}
    theirs, absent = Caller(bob).post(url, body), Caller(bob).post(url, {**body, "session_id": 10**9})
    assert theirs.content == absent.content
    assert theirs.json() == {"success": False, "error": "Сессия чата не найдена", "code": "session_not_found"}
    assert owner.post(url, body, Authorization="Session wrongwrongwrong").status_code == 401
    refused = owner.get(url)
    assert (refused.status_code, refused.headers["Allow"], refused.json()["success"]) == (405, "POST", False)
    assert not ChatMessage.objects.exists()


def test_a_cookie_needs_its_csrf_token_and_a_wrong_key_does_not_fall_back_to_it(alice, session):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    url, body = f"/gemini/sessions/{session.pk}/update-title/", {"title": "Другое"}
    refused = client.post(url, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"], refused.json()["success"]) == (403, "csrf_failed", False)
    client.cookies["csrftoken"] = "c" * 32
    headers = {"X-CSRFToken": "c" * 32}
    assert client.post(url, body, content_type="application/json", headers=headers).status_code == 200
    headers["Authorization"] = "Session nope"
    assert client.post(url, body, content_type="application/json", headers=headers).status_code == 401
    headers["Authorization"] = "Basic abc"
    assert client.post(url, body, content_type="application/json", headers=headers).status_code == 200


def test_an_unknown_address_is_said_in_the_envelope(db):
    assert Caller().get("/gemini/api/nope/").json() == {"success": False, "error": "Неверный URL", "code": "not_found"}
    assert Caller().get("/api/v1/nope/").json() == {"error": "Неверный URL", "code": "not_found"}


@pytest.mark.usefixtures("live")
class TestAsking:
    def test_a_message_is_answered(self, owner, session):
        body = {"session_id": session.pk, "message": "[[words 3]]"}
        answer = owner.post("/gemini/send-message/", body, **{"Idempotency-Key": "k"}).json()
        assert (answer["success"], answer["response"]) == (True, "слово1 слово2 слово3")
        assert set(answer["metadata"]) >= {"response_time", "usage_metadata", "finish_reason", "safety_ratings"}
        assert answer["metadata"]["finish_reason"] == "STOP"
        assert ChatMessage.objects.get(pk=answer["assistant_message_id"]).parent_id == answer["user_message_id"]
        assert owner.post("/gemini/send-message/", body, **{"Idempotency-Key": "k"}).json() == answer
        other = owner.post("/gemini/send-message/", {**body, "message": "иное"}, **{"Idempotency-Key": "k"})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")

    @pytest.mark.parametrize(
        ("key", "status", "words"),
        [
            ("test-key", 200, None),
            ("AIza-refused", 400, "Неверный API ключ"),
            ("ключ", 400, "Неверный API ключ"),
            ("", 400, "API ключ не может быть пустым"),
        ],
    )
    def test_a_key_is_tested(self, owner, key, status, words):
        response = owner.post("/gemini/test-api-key/", {"api_key": key})
        assert response.status_code == status
        assert response.json()["success"] is (status == 200)
        assert response.json().get("error") == words
        if status == 200:
            assert response.json()["message"] == "Подключение к Gemini API успешно установлено"

    def test_a_first_title_by_hand_stays(self, owner, session):
        owner.post("/gemini/send-message/", {"session_id": session.pk, "message": "Привет"})
        assert ChatSession.objects.get().title == "Курсы валют"
