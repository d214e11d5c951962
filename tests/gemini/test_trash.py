"""Deleting hides, restoring brings back exactly what one act deleted, and after 30 days it is gone."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from gemini import idempotency, trash
from gemini.exceptions import MessageNotFound, ReplyInProgress, SessionNotFound
from gemini.models import ChatMessage, ChatSession, GeminiCall, SentPrompt
from gemini.service import GeminiService
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


def visible(session):
    return list(session.messages.visible().values_list("content", flat=True))


def test_a_deleted_session_is_hidden_and_comes_back_as_it_was(service, alice, session):
    factories.make_reply(session)
    before = session.updated_at
    deletion = service.delete(session)
    assert deletion.count == 1
    assert not ChatSession.objects.for_user(alice).exists()
    assert not ChatMessage.objects.for_user(alice).exists()
    assert [back.pk for back in service.restore(deletion.moment).sessions] == [session.pk]
    session.refresh_from_db()
    assert (session.deleted_at, session.updated_at, visible(session)) == (None, before, ["Привет", "Здравствуйте!"])


def test_an_act_is_undone_alone(service, alice):
    first, second, third = (factories.make_session(alice, name) for name in "абв")
    both = service.delete_many([first.pk, second.pk])
    service.delete(third)
    assert {back.title for back in service.restore(both.moment).sessions} == {"а", "б"}
    assert ChatSession.objects.for_user(alice).count() == 2
    assert not service.restore(both.moment), "once"


def test_a_cleared_history_comes_back_without_what_was_deleted_before(service, session):
    lone = factories.make_message(session, "удалено раньше")
    factories.make_reply(session, "ответ")
    service.delete_message(lone)
    deletion = service.clear_history(session)
    assert deletion.count == 2
    assert visible(session) == []
    service.restore(deletion.moment)
    assert visible(session) == ["Привет", "ответ"]


def test_a_message_is_hidden_and_its_children_keep_their_place(service, session):
    reply = factories.make_reply(session, "ответ")
    deletion = service.delete_message(reply.parent)
    assert visible(session) == ["ответ"]
    reply.refresh_from_db()
    assert reply.parent is not None
    service.restore(deletion.moment)
    assert visible(session) == ["Привет", "ответ"]


def test_what_was_written_meanwhile_follows_what_comes_back(service, session):
    factories.make_reply(session, "ответ")
    deletion = service.clear_history(session)
    new = service.add_message(session, "user", "новое")
    assert visible(session) == ["новое"]
    service.restore(deletion.moment)
    assert visible(session) == ["Привет", "ответ", "новое"]
    assert new.parent.content == "ответ"


def test_what_follows_a_message_that_goes_for_good_hangs_on_the_one_before_it(service, session):
    reply = factories.make_reply(session, "ответ")
    question = factories.make_message(session, "вопрос", parent=reply)
    answer = factories.make_reply(session, "второй", parent=question)
    for message in (question, reply):
        trash.purge_act(service.user, service.delete_message(message).moment)
    answer.refresh_from_db()
    assert answer.parent.content == "Привет"
    assert visible(session) == ["Привет", "второй"]


def test_a_deletion_moves_its_session_in_time(service, session):
    message = factories.make_message(session)
    before = session.updated_at
    deletion = service.delete_message(message)
    session.refresh_from_db()
    assert session.updated_at > before
    before = session.updated_at
    service.restore(deletion.moment)
    session.refresh_from_db()
    assert session.updated_at > before


def test_a_running_reply_is_neither_deleted_nor_cleared(service, session):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "нач", status="generating", lease_until=lease)
    for attempt in (lambda: service.delete_message(reply), lambda: service.clear_history(session)):
        with pytest.raises(ReplyInProgress):
            attempt()
    assert visible(session) == ["Привет", "нач"]


def test_a_reply_of_another_process_is_told_to_stop_when_its_session_goes(service, session):
    lease = timezone.now() + timedelta(seconds=10)
    reply = factories.make_reply(session, "нач", status="generating", lease_until=lease, lease_owner="another")
    service.delete(session)
    reply.refresh_from_db()
    assert (reply.status, reply.content) == ("stopped", "нач")


def test_nobody_deletes_restores_or_purges_what_is_anothers(service, bob, session):
    message = factories.make_message(session)
    thief = GeminiService(bob)
    assert thief.delete_many([session.pk]).count == 0
    with pytest.raises(SessionNotFound):
        thief.delete(session)
    with pytest.raises(MessageNotFound):
        thief.delete_message(message)
    cleared, deleted = service.clear_history(session), service.delete(session)
    for moment in (cleared.moment, deleted.moment):
        assert not thief.restore(moment)
        trash.purge_act(bob, moment)
    with pytest.raises(SessionNotFound):
        thief.restore_session(session.pk)
    trash.purge_session(bob, session.pk)
    trash.empty(bob)
    assert ChatSession.objects.filter(deleted_at=deleted.moment).exists()
    assert ChatMessage.objects.filter(deleted_at=cleared.moment).exists()


def test_after_thirty_days_it_is_gone_and_its_bill_stays(service, alice, session):
    reply = factories.make_reply(session)
    GeminiCall.objects.create(user=alice, interface="x", purpose="reply", key_origin="own", model="m", message=reply)
    young = factories.make_session(alice, "Молодой")
    lone = factories.make_message(factories.make_session(alice, "Живой"), "старое")
    for thing in (session, young):
        service.delete(thing)
    service.delete_message(lone)
    old = timezone.now() - timedelta(days=30, minutes=1)
    ChatSession.objects.filter(pk=session.pk).update(deleted_at=old)
    ChatMessage.objects.filter(pk=lone.pk).update(deleted_at=old)
    call_command("purge", verbosity=0)
    assert {left.title for left in ChatSession.objects.all()} == {"Молодой", "Живой"}
    assert not ChatMessage.objects.exists()
    assert GeminiCall.objects.get().message is None


def test_more_than_a_batch_is_purged(alice):
    now = timezone.now() - timedelta(days=31)
    ChatSession.objects.bulk_create(ChatSession(user=alice, title="с", deleted_at=now) for _ in range(250))
    assert trash.purge_old() == 250
    assert not ChatSession.objects.exists()


def test_a_prompt_sent_again_after_its_deletion_is_a_new_one(service, alice, session):
    for delete in (lambda: service.clear_history(session), lambda: service.delete(session)):
        message = factories.make_message(session)
        idempotency.remember(alice, idempotency.scope_of(session.pk), "key", "text", message=message)
        delete()
        assert not SentPrompt.objects.exists()


async def test_each_method_has_its_twin(transactional_db):
    from asgiref.sync import sync_to_async

    alice = await sync_to_async(factories.make_user)("alice")
    session = await sync_to_async(factories.make_session)(alice)
    service = GeminiService(alice)
    await service.apin(session)
    await service.aarchive([session])
    deletion = await service.adelete_many([session.pk])
    assert (await service.arestore(deletion.moment)).sessions
    await service.adelete(session)
    await service.arestore_session(session.pk)
    await session.arefresh_from_db()
    assert (session.is_active, session.deleted_at) == (False, None)
    assert session.pinned_at
