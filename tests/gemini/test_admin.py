"""What staff see of others: numbers and states, and no word of theirs."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gemini.models import ChatMessage, GeminiCall
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

LISTS = ["gemini_chatsession", "gemini_chatmessage", "gemini_geminicall", "accounts_user", "accounts_invitation"]


@pytest.fixture
def operator(db):
    return factories.make_user("operator", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(client_of, operator):
    return client_of(operator)


@pytest.fixture
def words(alice):
    session = factories.make_session(alice, title="canary title", system_instruction="canary system")
    message = factories.make_message(session, "canary text")
    GeminiCall.objects.create(
        user=alice, interface="web", purpose="reply", key_origin="own", model="gemini-flash-latest", total_tokens=12_345
    )
    return message


def listed(client, name, **query):
    return client.get(reverse(f"admin:{name}_changelist"), query)


def give(right_holder, codename="read_messages"):
    right = Permission.objects.get(codename=codename, content_type__app_label="gemini")
    (right_holder.user_permissions if hasattr(right_holder, "user_permissions") else right_holder.permissions).add(
        right
    )


@pytest.mark.parametrize("name", LISTS)
def test_lists_show_numbers_and_no_words(staff, words, name):
    page = listed(staff, name)
    assert page.status_code == 200
    assert "canary" not in page.content.decode()


def test_usage_is_there(staff, words):
    assert "12" in listed(staff, "gemini_geminicall").content.decode()


@pytest.mark.parametrize("name", ["gemini_chatsession", "gemini_chatmessage", "gemini_geminicall"])
@pytest.mark.parametrize("view", ["change", "delete", "history"])
def test_nothing_is_opened_changed_or_deleted(staff, words, name, view):
    pk = {"gemini_chatsession": words.session_id, "gemini_geminicall": GeminiCall.objects.get().pk}.get(name, words.pk)
    answer = staff.get(reverse(f"admin:{name}_{view}", args=[pk]))
    assert answer.status_code == 403
    assert "canary" not in answer.content.decode()


@pytest.mark.parametrize("lookup", ["content__contains", "session__title__contains", "metadata__contains"])
def test_words_cannot_be_guessed_by_filtering(staff, words, lookup):
    assert listed(staff, "gemini_chatmessage", **{lookup: "canary"}).status_code == 400


def test_a_message_is_read_by_nobody_who_was_not_given_the_right_to_it(staff, words):
    assert staff.get(reverse("admin:gemini_message_text", args=[words.pk])).status_code == 403
    assert "прочитать" not in listed(staff, "gemini_chatmessage").content.decode()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("through", ["user", "group"])
def test_whoever_was_given_it_leaves_a_trace(staff, operator, words, through, caplog):
    if through == "user":
        give(operator)
    else:
        give(group := Group.objects.create(name="support"))
        operator.groups.add(group)
    assert "прочитать" in listed(staff, "gemini_chatmessage").content.decode()
    assert "canary text" in staff.get(reverse("admin:gemini_message_text", args=[words.pk])).content.decode()
    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_id, entry.object_repr) == (operator, str(words.pk), f"#{words.pk}")
    assert f"has read message {words.pk}" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_few_queries_however_long_it_is(staff, words, name):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert listed(staff, name).status_code == 200
        return len(queries), " ".join(query["sql"] for query in queries)

    few, _ = cost()
    for number in range(5):
        user = factories.make_user(f"user{number}")
        session = factories.make_session(user)
        ChatMessage.objects.bulk_create(ChatMessage(session=session, role="user", content="?") for _ in range(30))
        GeminiCall.objects.create(user=user, interface="web", purpose="reply", key_origin="own", model="m")
    many, said = cost()
    assert many == few <= 8
    assert '"gemini_chatmessage"."content"' not in said
    if name != "accounts_user" and name != "accounts_invitation":
        # Counted no further than pages are turned.
        assert said.count("COUNT(") == said.count("LIMIT 10000")


@pytest.mark.parametrize("model", ["usersessions_usersession", "socialaccount_socialaccount", "account_emailaddress"])
def test_sessions_and_what_google_told_are_not_in_it(staff, model):
    assert staff.get(f"/admin/{model.replace('_', '/', 1)}/").status_code == 404


def test_an_account_with_chats_is_not_deleted_by_a_page_that_lists_them(staff, words, alice):
    answer = staff.get(reverse("admin:accounts_user_delete", args=[alice.pk]))
    assert answer.status_code == 403
    assert "canary" not in answer.content.decode()
