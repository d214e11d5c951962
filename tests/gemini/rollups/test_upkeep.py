"""Triggers and what they keep are made by `migrate`, whatever was there before, and taken away with their tables."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection

from gemini import history, trash
from gemini.replies import branches, store
from gemini.rollups import recount, upkeep
from tests import factories
from tests.gemini.rollups.counted import assert_kept

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


@pytest.fixture
def migrated():
    """Whatever a test leaves, the others find the tables and their triggers."""
    yield
    call_command("migrate", verbosity=0)


def test_a_database_from_before_is_added_up_and_can_go_back(alice, migrated):
    session = factories.make_session(alice)
    call_command("migrate", "gemini", "0005", verbosity=0)
    factories.make_reply(session)
    factories.make_call(alice)
    call_command("migrate", verbosity=0)
    assert_kept(alice)
    factories.make_message(session)
    assert_kept(alice)


def test_a_trigger_of_another_version_is_replaced_and_all_added_up_anew(alice, migrated):
    backend = upkeep.keeper.backend_of(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER gemini_rollup_message_insert"
            if connection.vendor == "sqlite"
            else "ALTER TABLE gemini_chatmessage DISABLE TRIGGER gemini_rollup"
        )
    factories.make_reply(factories.make_session(alice))
    assert list(recount.differences("default"))
    assert not backend.is_installed(connection)
    call_command("migrate", verbosity=0)
    assert backend.is_installed(connection)
    assert_kept(alice)


def test_writers_of_one_person_at_once_neither_lose_a_count_nor_wait_for_each_other_for_ever(alice, settings):
    """The same words in all chats, and one chat for all: every transaction wants the same rows."""
    settings.LIVE_REPLIES_PER_USER = 0
    shared, failed = factories.make_session(alice), []

    def write(words, others):
        exchange = store.begin(alice, None, words, owner="w", metadata={})
        store.finish(exchange.reply.pk, "w", store.Ending("done", "Ответ", response_time=0.5))
        edited = branches.edit(alice, exchange.user_message.pk, others, owner="w", metadata={})
        store.finish(edited.reply.pk, "w", store.Ending("done", "Ответ", response_time=0.5))
        added = history.add(alice, shared.pk, "user", others)
        branches.show(alice, exchange.reply.pk)
        history.change(alice, added.pk, words)
        trash.restore(alice, trash.delete_message(alice, added.pk).moment)
        trash.restore(alice, trash.delete_sessions(alice, [exchange.session.pk])[0].moment)

    def write_on(number):
        try:
            for step in range(12):
                write(*("Ещё", "Продолжай")[:: (1, -1)[(number + step) % 2]])
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write_on, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert_kept(alice)
