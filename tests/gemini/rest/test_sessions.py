"""Sessions by REST, as the specification prints them."""

import pytest

from gemini.models import ChatMessage, ChatSession
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

LISTED = {"id", "user", "user_username", "title", "is_active", "messages_count", "last_message"} | {
    "created_at",
    "updated_at",
}


@pytest.fixture
def session(alice):
    return factories.make_session(alice, "Python разработка")


def test_a_list_holds_the_callers_sessions_with_what_was_said_last(owner, alice, bob, session):
    factories.make_session(bob, "Чужая")
    factories.make_reply(session, "я" * 101)
    page = owner.get("chat-sessions/").json()
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    [row] = page["results"]
    assert set(row) == LISTED
    assert (row["user"], row["user_username"], row["messages_count"]) == (alice.pk, "alice", 2)
    assert row["last_message"]["content"] == "я" * 100 + "…"
    assert set(row["last_message"]) == {"id", "role", "content", "timestamp"}
    assert row["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("search", "found"),
    [("ПЫТ", ["Пытливый"]), ("$", ["Цена $5"]), ("%25", ["50% скидка"]), ("_", ["snake_case"]), ("нет", [])],
)
def test_search_knows_case_in_cyrillic_and_takes_signs_literally(owner, alice, search, found):
    for title in ("Пытливый", "Цена $5", "50% скидка", "snake_case"):
        factories.make_session(alice, title)
    rows = owner.get(f"chat-sessions/?search={search}").json()["results"]
    assert [row["title"] for row in rows] == found


def test_ordering_is_whitelisted_and_titles_are_in_the_order_of_the_alphabet(owner, alice):
    for title in ("вишня", "Банан", "апельсин"):
        factories.make_session(alice, title)
    titles = [row["title"] for row in owner.get("chat-sessions/?ordering=title").json()["results"]]
    assert titles == ["апельсин", "Банан", "вишня"]
    newest = [row["title"] for row in owner.get("chat-sessions/?ordering=user__password").json()["results"]]
    assert newest == ["апельсин", "Банан", "вишня"]
    for name in ("created_at", "-updated_at", "is_active", "-messages_count"):
        assert owner.get(f"chat-sessions/?ordering={name}").status_code == 200


def test_archived_sessions_are_filtered(owner, alice, session):
    factories.make_session(alice, "Архив", is_active=False)
    assert [row["title"] for row in owner.get("chat-sessions/?is_active=false").json()["results"]] == ["Архив"]
    assert owner.get("chat-sessions/?is_active=maybe").status_code == 400


def test_pages_have_twenty_rows_and_at_most_a_hundred(owner, alice):
    ChatSession.objects.bulk_create(ChatSession(user=alice, title=str(number)) for number in range(120))
    assert len(owner.get("chat-sessions/").json()["results"]) == 20
    assert len(owner.get("chat-sessions/?page_size=1000").json()["results"]) == 100
    assert len(owner.get("chat-sessions/my_sessions/?page=6").json()["results"]) == 20
    assert owner.get("chat-sessions/?page=7").json() == {"error": "Неверный URL", "code": "not_found"}


def test_a_session_is_created_for_its_caller_whatever_the_body_says(owner, alice, bob):
    response = owner.post("chat-sessions/", {"title": "Новая сессия", "user": bob.pk, "id": 7, "is_active": False})
    assert response.status_code == 201
    assert set(response.json()) == LISTED
    session = ChatSession.objects.get()
    assert (session.user, session.title, session.is_active) == (alice, "Новая сессия", True)
    assert response.json()["messages_count"] == 0
    assert response.json()["last_message"] is None


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": "  "}, {"title": "x" * 201}, {"title": 5}])
def test_a_title_is_demanded(owner, body):
    response = owner.post("chat-sessions/", body)
    assert response.status_code == 400
    assert list(response.json()) == ["title"]
    if not body:
        assert response.json() == {"title": ["Это поле обязательно для заполнения."]}


def test_a_session_is_read_with_its_messages(owner, session):
    reply = factories.make_reply(session, "Ответ", tokens_used=3, response_time=1.5)
    factories.make_reply(session, "Заменён", shown=False, parent=reply.parent)
    body = owner.get(f"chat-sessions/{session.pk}/").json()
    assert set(body) == LISTED - {"messages_count", "last_message"} | {"messages"}
    assert [message["content"] for message in body["messages"]] == ["Привет", "Ответ"]
    assert set(body["messages"][0]) == {
        "id",
        "session",
        "role",
        "content",
        "timestamp",
        "tokens_used",
        "response_time",
    }


def test_put_and_patch_take_title_and_activity_and_nothing_else(owner, bob, session):
    forbidden = {"user": bob.pk, "id": 1, "created_at": "2020-01-01T00:00:00Z", "title_origin": "model"}
    response = owner("put", f"chat-sessions/{session.pk}/", {"title": "Обновленное название", **forbidden})
    assert response.status_code == 200
    assert set(response.json()) == LISTED
    assert owner("patch", f"chat-sessions/{session.pk}/", {"is_active": False}).json()["is_active"] is False
    before = session.created_at
    session.refresh_from_db()
    assert (session.title, session.user.username, session.created_at) == ("Обновленное название", "alice", before)


def test_a_deleted_session_is_gone(owner, session):
    assert owner("delete", f"chat-sessions/{session.pk}/").status_code == 204
    assert owner.get(f"chat-sessions/{session.pk}/").json()["error"] == "Сессия чата не найдена"


def test_history_is_cleared_and_the_session_moves_up(owner, session):
    factories.make_reply(session)
    before = session.updated_at
    assert owner.post(f"chat-sessions/{session.pk}/clear_history/").json() == {"status": "history_cleared"}
    assert not ChatMessage.objects.existing().exists()
    session.refresh_from_db()
    assert session.updated_at > before


def test_messages_of_a_session_are_paged(owner, session):
    for number in range(25):
        factories.make_message(session, str(number))
    page = owner.get(f"chat-sessions/{session.pk}/messages/").json()
    assert (page["count"], page["results"][0]["content"], len(page["results"])) == (25, "0", 20)


def test_a_session_without_a_reply_has_no_state_of_one(owner, session):
    assert owner.get(f"chat-sessions/{session.pk}/reply/").json()["error"] == "Сообщение не найдено"
    reply = factories.make_reply(session, "", status="failed", error_code="model_overloaded")
    for response in (
        owner.get(f"chat-sessions/{session.pk}/reply/"),
        owner.post(f"chat-sessions/{session.pk}/stop/"),
    ):
        assert response.json() == {
            "status": "failed",
            "code": "model_overloaded",
            "error": "Модель Gemini перегружена. Пожалуйста, попробуйте позже.",
            "message_id": reply.pk,
        }
