"""What an operator does to accounts: ends where somebody is signed in, without learning where that is."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import sessions
from accounts.rest import new_session
from gemini import watching
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

LIST = reverse("admin:accounts_user_changelist")
DASHBOARD = reverse("gemini:dashboard")


@pytest.fixture
def operator(db):
    return factories.make_user("operator", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(client_of, operator):
    return client_of(operator)


def end_sessions(client, *users):
    return client.post(LIST, {"action": "end_sessions", "_selected_action": [user.pk for user in users]}, follow=True)


def opens(key):
    headers = {"Authorization": f"Session {key}"}
    return Client().get("/api/v1/gemini/chat-sessions/", headers=headers).status_code == 200


def test_an_operator_ends_all_sessions_of_those_who_are_chosen(staff, client_of, alice, bob):
    carol = factories.make_user("carol")
    browsers = {user: client_of(user) for user in (alice, bob, carol)}
    key = new_session(alice).session_key
    watched = browsers[alice].session.session_key
    page = end_sessions(staff, alice, bob).content.decode()
    assert "Завершено сессий: 3." in page
    assert [browsers[user].get(DASHBOARD).status_code for user in (alice, bob, carol)] == [302, 302, 200]
    assert not opens(key)
    # Their streams too, and nobody else's.
    assert watching.has_ended(watched)
    assert watching.has_ended(key)
    assert not watching.has_ended(browsers[carol].session.session_key)
    assert not UserSession.objects.filter(user__in=[alice, bob]).exists()
    assert {entry.object_id for entry in LogEntry.objects.all()} == {str(alice.pk), str(bob.pk)}


def test_who_chooses_oneself_is_signed_out_as_well(staff, operator, alice, client_of):
    client_of(alice)
    answer = end_sessions(staff, operator, alice)
    assert answer.redirect_chain == [(reverse("account_login"), 302)]
    assert not Session.objects.exists()


@pytest.mark.parametrize("right", ["view_user", None])
def test_nobody_does_so_who_may_not_change_accounts(client_of, alice, right):
    helper = factories.make_user("helper", is_staff=True)
    if right:
        helper.user_permissions.add(Permission.objects.get(codename=right))
    alices = client_of(alice)
    end_sessions(client_of(helper), alice)
    assert alices.get(DASHBOARD).status_code == 200


def test_it_looks_at_the_sessions_of_the_site_once(alice, bob, client_of):
    for user in (alice, bob):
        client_of(user)
    with CaptureQueriesContext(connection) as asked:
        assert sessions.end_all([alice, bob]) == 2
    assert sum('WHERE "django_session"."expire_date" >' in query["sql"] for query in asked) == 1
