"""Replies whose process died: taken for interrupted by every read, send, stop and retry, and written down."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from gemini import idempotency
from gemini.replies import store
from gemini.replies.store import Ending
from tests.factories import make_reply, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

OWNER = "this process"


@pytest.fixture
def session(alice):
    return make_session(alice)


def generating(session, seconds, owner=OWNER, content="нач"):
    lease = timezone.now() + timedelta(seconds=seconds)
    return make_reply(session, content, status="generating", lease_owner=owner, lease_until=lease)


def test_the_sweeper_marks_abandoned_replies_and_no_others(alice):
    dead, living = generating(make_session(alice), -1), generating(make_session(alice), 5)
    assert store.sweep() == 1
    dead.refresh_from_db()
    living.refresh_from_db()
    assert (dead.status, dead.content, living.status) == ("interrupted", "нач", "generating")


def test_a_send_goes_on_past_an_abandoned_reply(alice, session):
    dead = generating(session, -1)
    store.begin(alice, session.pk, "Дальше", owner=OWNER, metadata={})
    dead.refresh_from_db()
    assert dead.status == "interrupted"


def test_a_checkpoint_saves_texts_and_renews_all_leases(alice):
    grown, silent = generating(make_session(alice), 2), generating(make_session(alice), 2)
    assert store.checkpoint(OWNER, {grown.pk: "начало"}, [silent.pk]) == set()
    for reply in (grown, silent):
        reply.refresh_from_db()
        assert reply.lease_until > timezone.now() + timedelta(seconds=8)
    assert (grown.content, silent.content) == ("начало", "нач")


def test_a_checkpoint_reports_what_is_no_longer_ours(alice):
    stopped, stolen = generating(make_session(alice), 5), generating(make_session(alice), 5, owner="another")
    gone = 10**6
    store.stop_elsewhere(stopped.pk)
    assert store.checkpoint(OWNER, {stopped.pk: "x", gone: "y"}, [stolen.pk]) == {stopped.pk, stolen.pk, gone}
    stolen.refresh_from_db()
    assert stolen.content == "нач"


def test_an_ending_completes_the_text_of_a_reply_that_was_stopped_from_elsewhere(session):
    reply = generating(session, 5)
    store.stop_elsewhere(reply.pk)
    store.finish(reply.pk, OWNER, Ending(status="done", text="начало и конец"))
    reply.refresh_from_db()
    assert (reply.status, reply.content) == ("stopped", "начало и конец")


def test_a_late_owner_still_brings_the_text_of_a_reply_that_was_swept(session):
    reply = generating(session, -1)
    store.sweep()
    store.finish(reply.pk, OWNER, Ending(status="done", text="всё-таки целиком"))
    reply.refresh_from_db()
    assert (reply.status, reply.content) == ("done", "всё-таки целиком")


def test_nobody_ends_the_reply_of_another_process(session):
    reply = generating(session, 5, owner="another")
    store.finish(reply.pk, OWNER, Ending(status="done", text="чужое"))
    reply.refresh_from_db()
    assert (reply.status, reply.content) == ("generating", "нач")


def test_an_ending_without_its_row_is_no_error():
    store.finish(10**6, OWNER, Ending(status="done", text="некуда"))


def test_the_database_itself_allows_one_live_reply_in_a_session(session):
    generating(session, 5)
    with pytest.raises(IntegrityError):
        generating(session, 5)


def test_old_idempotency_keys_are_forgotten(alice, session):
    store.begin(alice, session.pk, "Раз", owner=OWNER, metadata={}, idempotency_key="k")
    from gemini.models import SentPrompt

    SentPrompt.objects.update(created_at=timezone.now() - timedelta(hours=25))
    idempotency.forget_old()
    assert not SentPrompt.objects.exists()
