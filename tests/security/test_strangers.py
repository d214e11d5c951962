"""Whoever tries another's numbers is seen to, on every route that names an object; who mistypes is not."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config import logs
from gemini.models import ChatSession
from tests import factories
from tests.test_routes import ABSENT, METHODS, OBJECTS, ROUTES, Walker, kind_of

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

OWNED = [route for route in ROUTES if kind_of(route)]


@pytest.fixture(autouse=True)
def no_limits_used_up():
    cache.clear()


@pytest.fixture
def noted(caplog):
    """What the production log has of attempts since the last call, as its lines of JSON."""

    def lines():
        records = [record for record in caplog.records if record.name == "gemini.strangers"]
        caplog.clear()
        return [json.loads(logs.Json().format(record)) for record in records]

    with caplog.filtering(logs.Context()):
        yield lines


@pytest.mark.parametrize("route", OWNED)
def test_an_attempt_on_anothers_object_is_in_the_log_and_one_on_an_absent_is_not(route, alice, bob, noted):
    theirs = OBJECTS[kind_of(route)](alice)
    walker, found = Walker(bob), []
    for method in METHODS:
        refused = walker(route, method, theirs.pk).status_code == 404
        lines = noted()
        found += lines
        assert bool(lines) == refused, method
        walker(route, method, ABSENT)
        assert not noted(), method
    facts = {(line["object"], line["object_id"], line["user_id"], line["level"]) for line in found}
    assert facts == {(theirs._meta.model_name, theirs.pk, bob.pk, "WARNING")}


def test_the_line_says_who_tried_what_and_nothing_of_what_is_in_it(alice, bobs, bob, noted, monkeypatch):
    theirs = factories.make_session(alice, title="canary")
    monkeypatch.setattr(logs, "new_request_id", lambda: "0123456789abcdef")
    bobs.get(theirs.get_absolute_url())
    [line] = noted()
    assert line.pop("time")
    assert line == {
        "level": "WARNING",
        "logger": "gemini.strangers",
        "message": f"chatsession {theirs.pk} is another's, and was refused to user {bob.pk}",
        "request_id": "0123456789abcdef",
        "object": "chatsession",
        "object_id": theirs.pk,
        "user_id": bob.pk,
    }


@pytest.mark.parametrize("action", ["delete", "archive"])
def test_nor_do_actions_on_many_hide_an_attempt(alice, bob, bobs, noted, action):
    mine, theirs = factories.make_session(bob), factories.make_session(alice)
    bobs.post(reverse("gemini:sessions-change"), {"action": action, "selected": [mine.pk, theirs.pk, ABSENT]})
    assert [line["object_id"] for line in noted()] == [theirs.pk]
    bobs.post(reverse("gemini:sessions-change"), {"action": action, "selected": [factories.make_session(bob).pk]})
    assert not noted()


def test_nor_does_a_category_for_many(alice, bob, bobs, noted):
    mine, theirs = factories.make_transaction(bob), factories.make_transaction(alice)
    bobs.post(reverse("finance:transaction-categorize"), {"chosen": [mine.pk, theirs.pk, ABSENT], "category": "Еда"})
    assert [(line["object"], line["object_id"]) for line in noted()] == [("transaction", theirs.pk)]


@pytest.mark.parametrize("route", ["gemini:trash-restore", "gemini:trash-purge"])
def test_nor_does_the_trash(alice, bobs, noted, route):
    theirs = factories.make_session(alice, deleted_at=timezone.now())
    bobs.post(reverse(route), {"session": theirs.pk})
    assert [line["object_id"] for line in noted()] == [theirs.pk]
    assert ChatSession.objects.get().deleted_at


def test_what_one_has_deleted_oneself_is_no_attempt(bob, bobs, noted):
    mine = factories.make_session(bob, deleted_at=timezone.now())
    assert bobs.get(mine.get_absolute_url()).status_code == 404
    assert not noted()


def test_another_and_an_absent_one_cost_the_same_queries(alice, bobs):
    counts = []
    for pk in (factories.make_session(alice).pk, ABSENT):
        with CaptureQueriesContext(connection) as asked:
            bobs.get(f"/gemini/chat/{pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
