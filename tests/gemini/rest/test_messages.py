import pytest

from gemini.models import ChatMessage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


def test_messages_are_listed_filtered_and_searched(owner, alice, bob, session):
    factories.make_reply(session, "Ответ про ДОЖДЬ")
    factories.make_message(factories.make_session(alice), "в другой")
    theirs = factories.make_message(factories.make_session(bob), "чужое")
    assert owner.get("chat-messages/").json()["count"] == 3
    assert owner.get(f"chat-messages/?session={session.pk}").json()["count"] == 2
    assert owner.get("chat-messages/?role=assistant").json()["count"] == 1
    assert owner.get("chat-messages/?search=дождь").json()["count"] == 1
    for session_id in (theirs.session_id, 10**12, 10**30, -1):
        assert owner.get(f"chat-messages/?session={session_id}").json()["results"] == []
    assert owner.get("chat-messages/?role=bot").json() == {"role": ["Неверная роль сообщения"]}
    assert owner.get("chat-messages/?session=abc").status_code == 400


def test_recent_is_a_plain_array_with_the_oldest_first(owner, session):
    for number in range(12):
        factories.make_message(session, str(number))
    assert [row["content"] for row in owner.get("chat-messages/recent/").json()] == [str(n) for n in range(2, 12)]
    assert len(owner.get("chat-messages/recent/?limit=3").json()) == 3
    assert owner.get("chat-messages/recent/?limit=0").status_code == 400


def test_a_message_is_created_in_ones_own_session_only(owner, stranger, session):
    body = {"session": session.pk, "role": "system", "content": "Отвечай кратко", "tokens_used": 9, "status": "failed"}
    response = owner.post("chat-messages/", body)
    assert response.status_code == 201
    message = ChatMessage.objects.get()
    assert (message.role, message.content, message.tokens_used, message.status) == (
        "system",
        "Отвечай кратко",
        None,
        "done",
    )
    absent = stranger.post("chat-messages/", {**body, "session": 10**9})
    theirs = stranger.post("chat-messages/", body)
    assert (theirs.status_code, theirs.content) == (404, absent.content)
    assert ChatMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"content": None}, "content", None),
        ({"content": " "}, "content", "Сообщение не может быть пустым"),
        ({"content": "a\0"}, "content", "Сообщение содержит недопустимые символы"),
        ({"role": "bot"}, "role", "Неверная роль сообщения"),
        ({"role": ["user"]}, "role", "Неверная роль сообщения"),
        ({"session": "1"}, "session", None),
    ],
)
def test_what_is_wrong_is_said_by_field(owner, session, change, field, words):
    response = owner.post("chat-messages/", {"session": session.pk, "role": "user", "content": "Привет", **change})
    assert response.status_code == 400
    assert list(response.json()) == [field]
    if words:
        assert response.json() == {field: [words]}


def test_missing_fields_are_said_in_the_specifications_words(owner):
    words = ["Это поле обязательно для заполнения."]
    assert owner.post("chat-messages/").json() == {"session": words, "role": words, "content": words}


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_change_takes_the_content_and_nothing_else(owner, alice, session, method):
    other = factories.make_session(alice)
    message = factories.make_message(session)
    body = {"content": "Иначе", "role": "assistant", "session": other.pk, "tokens_used": 1, "lease_owner": "x", "id": 1}
    assert owner(method, f"chat-messages/{message.pk}/", body).status_code == 200
    message.refresh_from_db()
    assert (message.content, message.role, message.session, message.tokens_used, message.lease_owner) == (
        "Иначе",
        "user",
        session,
        None,
        "",
    )


def test_a_running_reply_can_neither_be_changed_nor_deleted_nor_cleared_away(owner, session):
    from datetime import timedelta

    from django.utils import timezone

    lease = timezone.now() + timedelta(seconds=20)
    reply = factories.make_reply(session, "Начало", status="generating", lease_owner="x", lease_until=lease)
    for response in (
        owner("patch", f"chat-messages/{reply.pk}/", {"content": "Моё"}),
        owner("delete", f"chat-messages/{reply.pk}/"),
        owner.post(f"chat-sessions/{session.pk}/clear_history/"),
        owner.post(f"chat-sessions/{session.pk}/send_message/", {"content": "Ещё"}),
        owner.post(f"chat-sessions/{session.pk}/retry/"),
    ):
        assert (response.status_code, response.json()["code"]) == (409, "reply_in_progress")
    assert session.messages.count() == 2


def test_a_message_is_read_deleted_and_gone(owner, session):
    hidden = factories.make_reply(session, "Заменён", shown=False)
    assert owner.get(f"chat-messages/{hidden.pk}/").json()["content"] == "Заменён"
    assert owner("delete", f"chat-messages/{hidden.pk}/").status_code == 204
    assert owner.get(f"chat-messages/{hidden.pk}/").json() == {
        "error": "Сообщение не найдено",
        "code": "message_not_found",
    }
