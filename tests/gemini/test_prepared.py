"""A prepared query gives what Django's own gives, whatever values it is run with."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from gemini.access import own_locked_session, own_message, own_session
from gemini.credentials import own_settings
from gemini.models import ChatMessage, ChatSession, GeminiCall, GeminiSettings
from gemini.prepared import Prepared, PreparedUpdate, insert, update
from gemini.querysets import leased_until
from gemini.replies.store import add_tokens, touch_session_of
from gemini.usage.limits import Spent, spent_today
from gemini.usage.periods import midnight
from tests import factories

SECOND = timedelta(seconds=1)

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def state(row):
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


@pytest.fixture
def session(alice):
    return factories.make_session(alice, "Курсы")


def test_all_columns_arrive_as_django_reads_them(alice, session):
    message = factories.make_reply(session, "Ответ", metadata={"model": "gemini", "sources": []}, tokens_used=7)
    found = own_message("session", "parent").first(alice.pk, message.pk)
    plain = ChatMessage.objects.select_related("session", "parent").get(pk=message.pk)
    assert (found, found.session) == (plain, plain.session)
    for prepared, django in ((found, plain), (found.session, plain.session)):
        ours, theirs = state(prepared), state(django)
        assert ours == theirs
        assert [type(value) for value in ours.values()] == [type(value) for value in theirs.values()]
    assert isinstance(found.metadata, dict)
    assert found.timestamp.tzinfo is UTC
    assert found._state.db == "default"
    assert not found._state.adding


def test_sums_of_values_are_those_of_the_ledger(alice, bob):
    today = midnight(timezone.localdate())
    made = [
        ("server", "reply", 100, today + SECOND),
        ("server", "reply", 50, today + SECOND),
        ("server", "title", 7, today + SECOND),
        ("own", "reply", 1000, today + SECOND),
        ("server", "reply", 9, today),
        ("server", "reply", 3, today - SECOND),
    ]
    for origin, purpose, tokens, moment in made:
        GeminiCall.objects.create(
            user=alice,
            interface="web",
            model="gemini",
            key_origin=origin,
            purpose=purpose,
            total_tokens=tokens,
            created_at=moment,
        )
    assert spent_today(alice.pk) == Spent(tokens=166, replies=3, tokens_of_replies=159)
    assert spent_today(bob.pk) == Spent()


@pytest.mark.parametrize("words", ["generating", "it's", "100 %", "%s", "?", "''"])
def test_words_that_never_change_are_a_part_of_the_statement(session, words):
    """As a parameter the status of live replies makes SQLite compile each statement anew that it runs."""
    made = factories.make_message(session, words)
    factories.make_message(session, "other")
    sought = Prepared(lambda session: ChatMessage.objects.filter(content=words, session=session), int)
    assert sought.all(session.pk) == [made]
    assert len(sought._plan(connection).statement.params) == 1


def test_a_row_may_be_changed_and_saved(alice):
    GeminiSettings.objects.create(user=alice, temperature=0.5)
    row = own_settings.first(alice.pk)
    row.temperature = 0.75
    row.save()
    assert own_settings.first(alice.pk).temperature == 0.75


def test_each_run_has_its_own_values(alice, bob):
    hers, his = factories.make_session(alice, "A"), factories.make_session(bob, "B")
    assert [own_session.first(alice.pk, hers.pk), own_session.first(bob.pk, his.pk)] == [hers, his]
    assert own_session.first(alice.pk, his.pk) is None
    assert own_session.first(bob.pk, hers.pk) is None


def test_columns_that_are_left_out_are_read_when_asked_for(session, django_assert_num_queries):
    message = factories.make_message(session, "Длинный текст")
    without = Prepared(lambda pk: ChatMessage.objects.filter(pk=pk).defer("content"), int)
    found = without.first(message.pk)
    assert found.get_deferred_fields() == {"content"}
    with django_assert_num_queries(1):
        assert found.content == "Длинный текст"


def test_rows_come_as_plain_tuples_too(session):
    factories.make_reply(session, "Два", metadata={"model": "m"})
    in_session = Prepared(
        lambda pk: ChatMessage.objects.filter(session=pk).order_by("pk").only("content", "role", "metadata"), int
    )
    plain = ChatMessage.objects.order_by("pk").values_list("pk", "role", "content", "metadata")
    assert in_session.tuples(session.pk) == list(plain)
    assert in_session.tuples(10**30) == []


def test_moments_and_words_are_values_too(session):
    newer = Prepared(
        lambda title, moment: ChatSession.objects.filter(title=title, created_at__gt=moment), str, datetime
    )
    assert newer.all("Курсы", timezone.now() - timedelta(minutes=1)) == [session]
    assert newer.all("Курсы", timezone.now() + timedelta(minutes=1)) == []
    assert newer.all("курсы' OR 1=1 --", timezone.now() - timedelta(minutes=1)) == []


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_no_row_has_a_number_that_the_database_cannot_hold(alice, number):
    assert own_session.first(alice.pk, number) is None


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_asked_for_in_a_transaction_only(alice, session):
    with pytest.raises(TransactionManagementError):
        own_locked_session.first(alice.pk, session.pk)
    with transaction.atomic():
        assert own_locked_session.first(alice.pk, session.pk) == session


def test_the_lock_is_in_the_statement_where_the_database_has_one(alice, session, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1) as asked:
        own_locked_session.first(alice.pk, session.pk)
    assert ("FOR UPDATE" in asked[0]["sql"]) == connection.features.has_select_for_update


def test_the_query_is_built_once(session, django_assert_num_queries):
    built = []

    def build(pk):
        built.append(pk)
        return ChatSession.objects.filter(pk=pk)

    by_key = Prepared(build, int)
    with django_assert_num_queries(2):
        assert by_key.first(session.pk) == by_key.first(session.pk) == session
    assert len(built) == 1


def test_annotations_arrive_with_the_row(session):
    factories.make_message(session)
    factories.make_message(session)
    counted = Prepared(
        lambda pk, *running: ChatSession.objects.filter(pk=pk).with_messages_count(*running), int, datetime, datetime
    )
    assert counted.first(session.pk, *leased_until()).messages_count == 2


def test_an_update_changes_the_rows_it_names_and_counts_them(alice, bob):
    hers, his = factories.make_session(alice, "A"), factories.make_session(bob, "B")
    rename = PreparedUpdate(lambda title, user: (ChatSession.objects.filter(user=user), {"title": title}), str, int)
    assert rename.run("C", alice.pk) == 1
    assert rename.run("D", bob.pk) == 1
    assert rename.run("E", -1) == 0
    assert [ChatSession.objects.get(pk=row.pk).title for row in (hers, his)] == ["C", "D"]


def test_an_update_may_look_across_a_relation_and_compute(session):
    message = factories.make_message(session, tokens_used=None)
    moment = timezone.now() + timedelta(hours=1)
    for more in (5, 7):
        add_tokens.run(more, message.pk)
    touch_session_of.run(moment, message.pk)
    assert ChatMessage.objects.get(pk=message.pk).tokens_used == 12
    assert ChatSession.objects.get(pk=session.pk).updated_at == moment


def test_an_inserted_row_is_what_django_would_have_stored(alice, session):
    columns = {"session": session, "role": "assistant", "content": "Ответ", "metadata": {"model": "m", "n": [1, None]}}
    ours = insert(ChatMessage(**columns, response_time=1.5, lease_until=timezone.now()))
    theirs = ChatMessage.objects.create(**columns, response_time=1.5, lease_until=ours.lease_until)
    assert ours.pk
    assert not ours._state.adding
    stored, expected = (ChatMessage.objects.get(pk=row.pk) for row in (ours, theirs))
    assert stored.timestamp == ours.timestamp
    different = {"id", "timestamp"}
    assert {k: v for k, v in state(stored).items() if k not in different} == {
        k: v for k, v in state(expected).items() if k not in different
    }
    ours.content = "Другой"
    ours.save()
    assert ChatMessage.objects.get(pk=ours.pk).content == "Другой"


def test_an_update_stores_the_fields_that_it_names_and_no_others(session):
    message = factories.make_message(session, "Было", tokens_used=3)
    message.content, message.metadata, message.lease_until, message.tokens_used = "Стало", {"n": [1]}, None, 5
    update(message, "content", "metadata", "lease_until")
    stored = ChatMessage.objects.get(pk=message.pk)
    assert (stored.content, stored.metadata, stored.lease_until, stored.tokens_used) == ("Стало", {"n": [1]}, None, 3)


def test_an_inserted_row_obeys_the_constraints(session):
    insert(ChatMessage(session=session, role="assistant", status="generating"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(ChatMessage(session=session, role="assistant", status="generating"))
