from datetime import timedelta

import pytest
from django.utils import timezone

from gemini.models import ChatMessage, ChatSession
from tests.factories import make_message, make_reply, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_a_user_sees_only_own_sessions_and_messages(alice, bob):
    mine, theirs = make_session(alice), make_session(bob)
    make_message(theirs)
    assert list(ChatSession.objects.for_user(alice)) == [mine]
    assert not ChatMessage.objects.for_user(alice)


def test_replaced_rows_and_ends_without_a_word_are_not_counted(alice):
    session = make_session(alice)
    question = make_message(session)
    make_reply(session, "", parent=question, status="failed")
    make_reply(session, "старый", parent=question, shown=False)
    make_reply(session, "новый", parent=question)
    assert ChatSession.objects.with_messages_count().get().messages_count == 2
    assert [message.content for message in session.messages.visible()] == ["Привет", "новый"]


def test_a_reply_that_has_not_said_anything_yet_is_visible(alice):
    session = make_session(alice)
    make_reply(session, "", status="generating", lease_until=timezone.now() + timedelta(seconds=10))
    assert session.messages.visible().count() == 2


def test_a_page_holds_the_last_messages_oldest_first(alice):
    session = make_session(alice)
    ids = [make_message(session, str(number)).pk for number in range(5)]
    assert [m.pk for m in session.messages.page_before(None, 2)] == ids[-2:]
    assert [m.pk for m in session.messages.page_before(ids[2], 5)] == ids[:2]


@pytest.mark.parametrize(("seconds", "state"), [(5, "generating"), (-1, "interrupted")])
def test_a_reply_past_its_lease_counts_as_interrupted(alice, seconds, state):
    lease = timezone.now() + timedelta(seconds=seconds)
    reply = make_reply(make_session(alice), "нач", status="generating", lease_until=lease)
    assert reply.state == state
    assert reply.can_retry == (state == "interrupted")
    assert ChatMessage.objects.abandoned().exists() == (state == "interrupted")
