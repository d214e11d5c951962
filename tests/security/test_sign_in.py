"""What signing in makes and ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from tests import factories

pytestmark = pytest.mark.django_db

REST = "/api/v1/accounts/session/"
SESSIONS = "/api/v1/gemini/chat-sessions/"


def sign_in(client, password="correct horse"):
    return client.post(reverse("account_login"), {"login": "alice", "password": password})


def test_signing_in_by_the_page_makes_a_new_session(client, alice):
    """Who planted a session in somebody's browser before does not share it afterwards."""
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    token = client.get(reverse("account_login")).cookies["csrftoken"].value
    sign_in(client)
    assert client.session.session_key != planted
    assert client.session["_auth_user_id"]
    assert not Session.objects.filter(session_key=planted).exists()
    assert client.cookies["csrftoken"].value != token


def test_signing_in_by_rest_takes_no_session_that_was_brought(alice):
    planted = Client()
    planted.cookies["sessionid"] = "0123456789abcdefghijklmnopqrstuv"
    headers = {"Authorization": "Session 0123456789abcdefghijklmnopqrstuv"}
    body = {"username": "alice", "password": "correct horse"}
    answers = [planted.post(REST, body, content_type="application/json", headers=headers) for _ in range(2)]
    keys = {answer.json()["session_id"] for answer in answers}
    assert len(keys) == 2
    assert "0123456789abcdefghijklmnopqrstuv" not in keys
    assert all(len(key) == 32 for key in keys)


def key_of_the_api():
    body = {"username": "alice", "password": "correct horse"}
    return Client().post(REST, body, content_type="application/json").json()["session_id"]


@pytest.fixture(params=["cookie", "key"])
def came_back(request, client, alice):
    """Signed in now; called, uses the session that much later and returns whether it still opens anything."""
    if request.param == "cookie":
        sign_in(client)
        used = partial(client.get, reverse("gemini:dashboard"))
    else:
        used = partial(Client(headers={"Authorization": f"Session {key_of_the_api()}"}).get, SESSIONS)
    began = timezone.now()

    def after(monkeypatch, **later):
        monkeypatch.setattr(timezone, "now", lambda: began + timedelta(**later))
        # Five minutes have passed, for which use was not written down again.
        cache.clear()
        return used().status_code == 200

    return after


def test_a_session_ends_two_weeks_after_the_sign_in_however_it_is_used(came_back, monkeypatch):
    assert all(came_back(monkeypatch, days=day) for day in range(1, 14))
    assert came_back(monkeypatch, days=13, hours=23)
    assert not came_back(monkeypatch, days=14, seconds=1)


def test_a_session_that_nobody_uses_for_some_days_ends(settings, came_back, monkeypatch):
    settings.SESSION_IDLE_HOURS = 96
    assert came_back(monkeypatch, hours=1)
    assert came_back(monkeypatch, hours=96)
    assert came_back(monkeypatch, hours=191)
    assert not came_back(monkeypatch, hours=191 + 97)


def test_nor_does_one_outlast_them_that_was_never_used(came_back, monkeypatch):
    assert not came_back(monkeypatch, hours=169)


def test_one_that_is_used_within_them_has_as_many_again(came_back, monkeypatch):
    assert came_back(monkeypatch, hours=167)
    assert not came_back(monkeypatch, hours=167 + 169)


def test_without_a_limit_of_idleness_a_session_lasts_its_two_weeks(settings, client, alice):
    settings.SESSION_IDLE_HOURS = 0
    sign_in(client)
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(days=13.9) < left <= timedelta(days=14)


def test_what_is_changed_in_a_session_does_not_prolong_it(client, alice, monkeypatch):
    sign_in(client)
    began = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: began + timedelta(days=3))
    passwords = {"oldpassword": "correct horse", "password1": "Дождь-в-Минске-7", "password2": "Дождь-в-Минске-7"}
    cookie = client.post(reverse("account_change_password"), passwords).cookies["sessionid"]
    assert timedelta(days=10.9).total_seconds() < cookie["max-age"] <= timedelta(days=11).total_seconds()
    assert Session.objects.get().expire_date <= began + timedelta(days=3 + 7)


def test_a_session_of_before_the_limit_ends_when_it_was_to(client, alice):
    sign_in(client)
    session = client.session
    del session["signed_in_at"]
    session.save()
    ends = timezone.now() + timedelta(days=9)
    Session.objects.update(expire_date=ends)
    cache.clear()
    assert client.get(reverse("gemini:dashboard")).status_code == 200
    assert Session.objects.get().expire_date == ends


@pytest.mark.parametrize("how", ["switched off", "deleted"])
def test_an_account_that_is_switched_off_or_deleted_opens_nothing(client, alice, how):
    sign_in(client)
    api = {"Authorization": f"Session {key_of_the_api()}"}
    assert Client(headers=api).get(SESSIONS).status_code == 200
    if how == "deleted":
        alice.delete()
    else:
        alice.is_active = False
        alice.save()
    assert client.get(reverse("gemini:dashboard")).url.startswith("/accounts/login/")
    assert Client(headers=api).get(SESSIONS).status_code == 401
    body = {"username": "alice", "password": "correct horse"}
    assert Client().post(REST, body, content_type="application/json").status_code == 401


def test_a_long_password_counts_to_its_last_character(client):
    password = "п" * 199 + "я"
    user = factories.make_user("alice")
    user.set_password(password)
    user.save()
    sign_in(client, "п" * 199 + "ю")
    assert "_auth_user_id" not in client.session
    sign_in(client, f"{password} ")
    assert "_auth_user_id" not in client.session
    sign_in(client, password)
    assert "_auth_user_id" in client.session


def test_passwords_are_kept_slow_to_try(settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    hasher = identify_hasher(make_password("correct horse"))
    assert hasher.algorithm == "pbkdf2_sha256"
    assert hasher.iterations >= 600_000


def test_who_came_who_tried_and_who_left_is_in_the_log_without_what_was_typed(client, alice, caplog):
    caplog.set_level("INFO")
    sign_in(client, "a-password-that-is-wrong")
    client.post(reverse("account_login"), {"login": "correct horse", "password": "alice"})
    sign_in(client)
    client.post(reverse("account_logout"))
    lines = [record.getMessage() for record in caplog.records if record.name == "accounts.events"]
    assert lines == [
        "A sign-in was refused from 127.0.0.1",
        "A sign-in was refused from 127.0.0.1",
        f"User {alice.pk} signed in from 127.0.0.1",
        f"User {alice.pk} signed out from 127.0.0.1",
    ]
    assert "a-password-that-is-wrong" not in caplog.text
    assert "correct horse" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_invitation_at_once_one_gets_in(settings):
    settings.SIGNUP = "invite"
    factories.make_user("chief")
    invitation = Invitation.objects.create(expires_at=timezone.now() + timedelta(days=1))
    together = Barrier(4)

    def sign_up(number):
        try:
            client = Client(raise_request_exception=False)
            client.get(f"{reverse('account_signup')}?invitation={invitation.code}")
            together.wait()
            form = {"username": f"guest{number}", "password1": "Дождь-в-Минске-7", "password2": "Дождь-в-Минске-7"}
            return client.post(reverse("account_signup"), form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(sign_up, range(4)))
    assert User.objects.filter(username__startswith="guest").count() == 1
    assert statuses.count(302) == 1
    assert 500 not in statuses
