"""The index follows every way of writing, and does not stem what is still being written."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from gemini.models import ChatMessage, ChatSession
from gemini.rollups import upkeep
from gemini.search import find_messages, find_titles, index, parse
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def session(alice):
    return factories.make_session(alice, "Первое")


def finds(user, word):
    return find_messages(user, parse(word)).hits != []


def indexed():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM gemini_search_content")
        return cursor.fetchone()[0]


def test_an_update_and_a_deletion_are_followed(alice, session):
    message = factories.make_message(session, "слон")
    ChatMessage.objects.filter(pk=message.pk).update(content="жираф")
    assert (finds(alice, "слон"), finds(alice, "жираф")) == (False, True)
    message.delete()
    assert indexed() == 0
    ChatSession.objects.filter(pk=session.pk).update(title="Второе")
    assert not find_titles(alice, parse("первое"))
    assert find_titles(alice, parse("второе"))


def test_a_growing_reply_is_indexed_by_its_final_write_alone(alice, session):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "", status="generating", lease_until=lease)
    for text in ("сло", "слон и"):
        ChatMessage.objects.filter(pk=reply.pk).update(content=text, lease_until=lease)
        assert indexed() == 1, "only the question"
    ChatMessage.objects.filter(pk=reply.pk).update(content="слон и жираф", status="done")
    assert finds(alice, "жираф")


@pytest.mark.parametrize("status", ["stopped", "interrupted", "failed"])
def test_a_reply_that_ended_early_is_found_by_what_it_has(alice, session, status):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "слон", status="generating", lease_until=lease)
    ChatMessage.objects.filter(pk=reply.pk).update(status=status)
    assert finds(alice, "слон")


def test_a_change_of_anything_else_leaves_the_index_alone(session, django_assert_num_queries):
    message = factories.make_message(session, "слон")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM gemini_search_content")
    ChatMessage.objects.filter(pk=message.pk).update(tokens_used=5, shown=True)
    message.save()
    assert indexed() == 0


def test_many_rows_at_once_are_indexed_too(alice, session):
    ChatMessage.objects.bulk_create(ChatMessage(session=session, role="user", content=f"слон{n}") for n in range(50))
    assert indexed() == 50
    assert finds(alice, "слон49")


def test_what_is_missing_is_made_and_filled_after_migrations(alice, session):
    factories.make_message(session, "слон")
    backend = index.keeper.backend_of(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER gemini_search_content_insert" if connection.vendor == "sqlite" else backend.REMOVAL
        )
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM gemini_search_content")
    assert not backend.is_installed(connection)
    call_command("migrate", verbosity=0)
    assert backend.is_installed(connection)
    assert finds(alice, "слон")


def test_reindex_mends_an_index_that_went_wrong(alice, session):
    message = factories.make_message(session, "слон")
    key = index.KEYS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE gemini_search_content SET {key} = {message.pk + 5} WHERE {key} = {message.pk}")
    assert not finds(alice, "слон")
    call_command("reindex", verbosity=0)
    assert finds(alice, "слон")
    assert indexed() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite remakes its tables")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [ChatMessage, ChatSession])
def test_a_migration_that_remakes_a_table_loses_nothing(alice, session, model):
    factories.make_message(session, "слон")
    backend = index.keeper.backend_of(connection)
    plan = [(type("Migration", (), {"app_label": "gemini"}), False)]
    from django.apps import apps

    keepers, app = (index.keeper, upkeep.keeper), apps.get_app_config("gemini")
    for keeper in keepers:
        keeper.before_migrations(app, "default", plan=plan)
    with connection.schema_editor() as editor:
        editor._remake_table(model)
    assert not backend.is_installed(connection)
    for keeper in keepers:
        keeper.after_migrations(app, "default", verbosity=0)
    assert backend.is_installed(connection)
    assert finds(alice, "слон")
    factories.make_message(session, "жираф")
    assert finds(alice, "жираф")
