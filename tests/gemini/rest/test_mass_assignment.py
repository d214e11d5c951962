"""Every body that can be written, with every field that a caller has no business with: nothing else changes."""

from datetime import UTC, datetime

import pytest

from gemini.models import ChatMessage, ChatSession
from tests import factories

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]

LONG_AGO = "2001-02-03T04:05:06Z"
# Fields of a row that the server itself gives or changes, and the one that each call is for.
MAY_CHANGE = {"updated_at"}


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


@pytest.fixture
def forbidden(bob):
    theirs = factories.make_session(bob)
    return {
        **dict.fromkeys(("user", "user_id", "owner", "owner_id"), bob.pk),
        **dict.fromkeys(("pk", "session_pk", "chat_session"), theirs.pk),
        **dict.fromkeys(("is_staff", "is_superuser", "shown", "messages", "success"), True),
        **dict.fromkeys(("created_at", "updated_at", "timestamp", "lease_until", "deleted_at", "pinned_at"), LONG_AGO),
        **dict.fromkeys(("id", "tokens_used", "response_time", "messages_count", "parent", "parent_id"), 777),
        **dict.fromkeys(("status", "error_code", "lease_owner", "lease", "metadata", "title_origin", "model"), "x"),
        **dict.fromkeys(("system_instruction", "user_username", "last_message", "key_origin", "api_key"), "x"),
    }


def row(instance):
    return type(instance).objects.filter(pk=instance.pk).values().get()


def changed(instance, before):
    after = row(instance)
    return {name for name in after if after[name] != before[name]} - MAY_CHANGE


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_session_takes_its_title_and_activity(owner, session, forbidden, method):
    before = row(session)
    owner(method, f"chat-sessions/{session.pk}/", {**forbidden, "title": "Новое", "is_active": False})
    assert changed(session, before) == {"title", "is_active"}


@pytest.mark.parametrize("prefix", ["/gemini/", "/gemini/api/"])
def test_the_title_view_takes_the_title(owner, session, forbidden, prefix):
    before = row(session)
    owner.post(f"{prefix}sessions/{session.pk}/update-title/", {**forbidden, "title": "Новое"})
    assert changed(session, before) == {"title"}


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_message_takes_its_content(owner, session, forbidden, method):
    message = factories.make_message(session)
    before = row(message)
    body = {**forbidden, "content": "Новое", "session": forbidden["pk"], "role": "assistant"}
    owner(method, f"chat-messages/{message.pk}/", body)
    assert changed(message, before) == {"content"}


def check_made(instance, alice):
    assert instance.pk != 777
    if isinstance(instance, ChatSession):
        assert (instance.user, instance.deleted_at, instance.pinned_at, instance.model) == (alice, None, None, "")
        assert instance.created_at > datetime(2026, 1, 1, tzinfo=UTC)
    else:
        assert instance.session.user == alice
        assert (instance.shown, instance.deleted_at, instance.lease_until) == (True, None, None)
        assert instance.timestamp > datetime(2026, 1, 1, tzinfo=UTC)
        assert instance.tokens_used != 777
        assert instance.response_time != 777
        assert instance.status == "done"


def test_what_is_made_is_the_callers_own_and_plain(owner, alice, session, forbidden):
    calls = [
        ("chat-sessions/", {"title": "Новая"}),
        ("chat-messages/", {"session": session.pk, "role": "user", "content": "Новое"}),
        (f"chat-sessions/{session.pk}/send_message/", {"content": "Новое"}),
        ("/gemini/send-message/", {"session_id": session.pk, "message": "Новое"}),
        ("api/generate_response/", {"prompt": "Новое"}),
        ("api/analyze_text/", {"prompt": "Новое", "session_id": session.pk}),
    ]
    known = {ChatSession: set(pks(ChatSession)), ChatMessage: set(pks(ChatMessage))}
    for path, body in calls:
        assert owner.post(path, {**forbidden, **body}).status_code in (200, 201), path
        for model in known:
            for pk in set(pks(model)) - known[model]:
                check_made(model.objects.get(pk=pk), alice)
                known[model].add(pk)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (False, False)


def pks(model):
    return model.objects.values_list("pk", flat=True)
