"""`manage.py recount` tells what is wrong and mends it; where nothing is, it changes nothing."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from gemini import stats
from gemini.models import CallTotals, ChatMessage, CountedPrompt, PromptCount, SessionTotals
from gemini.replies import store
from gemini.rollups import upkeep
from tests import factories
from tests.gemini.rollups.counted import assert_kept

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def session(alice):
    session = factories.make_session(alice)
    factories.make_reply(session, response_time=1.5)
    factories.make_call(alice)
    factories.make_call(alice, duration_ms=7)
    return session


def test_nothing_is_said_to_differ_where_nothing_does(session, capsys):
    call_command("recount")
    assert capsys.readouterr().out == "Расхождений нет.\n"


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (SessionTotals, {"microseconds": 1}),
        (CountedPrompt, {"digest": 5}),
        (PromptCount, {"count": 5}),
        (CallTotals, {"durations_ms": "7,1001"}),
    ],
)
def test_what_is_wrong_is_told_and_mended(session, alice, capsys, model, wrong):
    model.objects.update(**wrong)
    with pytest.raises(CommandError, match="recount --fix"):
        call_command("recount")
    [name] = wrong
    assert f"'{name}': " in capsys.readouterr().out
    with pytest.raises(CommandError, match="Исправлено"):
        call_command("recount", "--fix")
    call_command("recount")
    factories.make_message(session)
    assert_kept(alice)


@pytest.mark.parametrize("model", [SessionTotals, CountedPrompt, PromptCount, CallTotals])
def test_a_row_that_is_missing_or_too_many_is_told(session, alice, capsys, model):
    rows = list(model.objects.all())
    model._base_manager.all()._raw_delete("default")
    with pytest.raises(CommandError):
        call_command("recount")
    assert f"{model._meta.db_table} " in capsys.readouterr().out
    if model is not CountedPrompt:
        # What is counted follows the messages that count, and would be told with them.
        model.objects.bulk_create(rows)
        call_command("recount")


def test_the_order_of_durations_is_no_difference(session):
    CallTotals.objects.update(durations_ms="7,1000")
    call_command("recount")


def test_triggers_that_are_gone_are_noticed_before_a_number_is_wrong(session, alice, capsys):
    upkeep.keeper.backend_of(connection).suspend(connection)
    with pytest.raises(CommandError):
        call_command("recount")
    assert "Нет триггеров" in capsys.readouterr().out
    factories.make_message(session)
    with pytest.raises(CommandError):
        call_command("recount", "--fix")
    factories.make_message(session)
    assert_kept(alice)


def test_a_growing_reply_costs_a_count_with_its_first_words_alone(session, alice):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "", status="generating", lease_owner="ours", lease_until=lease)
    before = stats.of_user(alice).total_messages
    store.checkpoint("ours", {reply.pk: "Слово"}, [])
    assert SessionTotals.objects.get().messages == before == stats.of_user(alice).total_messages
    SessionTotals.objects.all().delete()
    store.checkpoint("ours", {reply.pk: "Слово за словом"}, [])
    assert not SessionTotals.objects.exists()


def test_a_reply_without_a_word_counts_as_long_as_somebody_writes_it(session, alice):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "", status="generating", lease_until=lease)
    assert stats.of_user(alice).total_messages == 4
    ChatMessage.objects.filter(pk=reply.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert stats.of_user(alice).total_messages == 3


def test_an_older_message_that_comes_back_is_not_the_newest_of_its_text(session, alice):
    older = factories.make_message(session, "Ещё", deleted_at=timezone.now())
    newest = factories.make_message(session, " ещё")
    ChatMessage.objects.filter(pk=older.pk).update(deleted_at=None)
    assert (newest, 2) in stats.repeated_prompts(alice)
    assert_kept(alice)
