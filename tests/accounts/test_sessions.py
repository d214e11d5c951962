"""Where one is signed in: every way of signing in is listed, and can be ended; nobody's but one's own."""

from datetime import timedelta

import pytest
from allauth.account.signals import password_reset
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import browsers, sessions
from accounts.rest import new_session

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/137.0 YaBrowser/25.4 Mobile Safari/537.36"
PASSWORD = "Дождь-в-Минске-7"
LIST, END_OTHERS = "/accounts/sessions/", "/accounts/sessions/end-others/"

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def signed_in(user, agent=FIREFOX):
    """A browser that came by the login page."""
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("account_login"), {"login": user.username, "password": "correct horse"})
    assert "_auth_user_id" in client.session
    return client


def key_for(user):
    answer = Client(headers={"User-Agent": "curl/8.5"}).post(
        "/api/v1/accounts/session/",
        {"username": user.username, "password": "correct horse"},
        content_type="application/json",
    )
    return answer.json()["session_id"]


def call(key):
    return Client().get("/api/v1/gemini/chat-sessions/", headers={"Authorization": f"Session {key}"}).status_code


def is_in(client):
    return client.get(reverse("gemini:dashboard")).status_code == 200


def listed(client):
    return client.get(LIST).context["sign_ins"]


def test_browsers_and_keys_of_the_api_are_listed_without_the_keys_themselves(alice):
    here, phone, key = signed_in(alice), signed_in(alice, PHONE), key_for(alice)
    page = here.get(LIST).content.decode()
    first = listed(here)[0]
    assert (first.name, first.is_api, first.is_current) == ("Firefox, Windows", False, True)
    assert {one.name for one in listed(here)} == {"Firefox, Windows", "Яндекс Браузер, Android", "curl"}
    assert "curl · API" in page
    assert "127.0.0.1" in page
    for secret in (key, here.session.session_key, phone.session.session_key):
        assert secret not in page


def test_a_key_that_is_ended_opens_nothing_any_more(alice):
    here, key = signed_in(alice), key_for(alice)
    assert call(key) == 200
    [api] = [one for one in listed(here) if one.is_api]
    assert here.post(f"/accounts/sessions/{api.pk}/end/").url == LIST
    assert call(key) == 401
    assert len(listed(here)) == 1


def test_another_browser_is_signed_out_in_place(alice):
    here, phone = signed_in(alice), signed_in(alice, PHONE)
    [other] = [one for one in listed(here) if not one.is_current]
    response = here.post(f"/accounts/sessions/{other.pk}/end/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (200, b"")
    assert not is_in(phone)
    assert is_in(here)


def test_all_others_end_also_those_that_were_never_written_down(alice, client_of):
    here, phone, key, silent = signed_in(alice), signed_in(alice, PHONE), key_for(alice), client_of(alice)
    assert not UserSession.objects.filter(session_key=silent.session.session_key).exists()
    page = here.post(END_OTHERS, follow=True).content.decode()
    assert "Завершены 3 другие сессии." in page
    assert is_in(here)
    assert (is_in(phone), is_in(silent), call(key)) == (False, False, 401)
    assert "Других сессий не было." in here.post(END_OTHERS, follow=True).content.decode()


def test_anothers_session_is_an_absent_one_and_outlives_the_end_of_all(alice, bob):
    alices, bobs = signed_in(alice), signed_in(bob)
    [theirs] = listed(alices)
    for pk in (theirs.pk, 10**9):
        assert bobs.post(f"/accounts/sessions/{pk}/end/").status_code == 404
    bobs.post(END_OTHERS)
    assert is_in(alices)
    assert len(listed(bobs)) == 1


def test_ending_ones_own_is_signing_out(alice):
    here = signed_in(alice)
    [own] = listed(here)
    assert here.post(f"/accounts/sessions/{own.pk}/end/").url == reverse("account_login")
    assert not is_in(here)
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", [LIST, "/accounts/", "/accounts/sessions/1/end/", END_OTHERS])
def test_nobody_is_led_to_the_login_page_and_wrong_methods_are_refused(client, alices, path):
    posted = path.endswith("/end/") or path == END_OTHERS
    assert client.generic("POST" if posted else "GET", path).status_code == 302
    assert alices.delete(path).status_code == 405
    if posted:
        assert alices.get(path).status_code == 405


def test_a_changed_password_ends_all_others_and_keeps_this_one(alice):
    here, phone, key = signed_in(alice), signed_in(alice, PHONE), key_for(alice)
    passwords = {"oldpassword": "correct horse", "password1": PASSWORD, "password2": PASSWORD}
    here.post(reverse("account_change_password"), passwords)
    # At once, and not when the others come next: until then their streams would run on.
    assert [one.session_key for one in Session.objects.all()] == [here.session.session_key]
    assert is_in(here)
    assert (is_in(phone), call(key)) == (False, 401)
    assert [one.is_current for one in listed(here)] == [True]


def test_a_session_of_before_a_password_changed_elsewhere_is_not_listed(alice):
    phone = signed_in(alice, PHONE)
    assert len(sessions.sign_ins_of(alice, None)) == 1
    alice.set_password(PASSWORD)
    alice.save()
    assert sessions.sign_ins_of(alice, None) == []
    assert not is_in(phone)


def test_a_session_is_written_down_once_in_five_minutes(alice, alices, django_assert_num_queries):
    cache.clear()
    alices.get(reverse("gemini:dashboard"))
    [row] = UserSession.objects.all()
    assert row.user == alice
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    with django_assert_num_queries(3):
        # The session, its user, the settings for the banner: nothing more for being watched.
        alices.get(reverse("gemini:prompt-create"))
    assert UserSession.objects.get().last_seen_at < timezone.now() - timedelta(minutes=30)
    cache.clear()
    alices.get(reverse("gemini:dashboard"))
    assert UserSession.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)


def test_the_list_costs_the_same_queries_however_many_sessions(alice, django_assert_num_queries):
    here = signed_in(alice)
    here.get(LIST)
    for _ in range(12):
        new_session(alice)
    with django_assert_num_queries(6):
        assert len(listed(here)) == 13


def test_requests_of_nobody_write_nothing_down(client):
    client.get(reverse("account_login"))
    client.get(reverse("gemini:dashboard"))
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Яндекс Браузер, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Version/18.4 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/137.0 Safari/537.36 Edg/137.0", "Edge, macOS"),
        ("curl/8.5.0", "curl"),
        ("", "Неизвестная программа"),
    ],
)
def test_a_browser_is_called_by_its_name(agent, name):
    assert browsers.describe(agent) == name


def test_a_reset_password_ends_every_session(alice):
    here = signed_in(alice)
    password_reset.send(sender=type(alice), request=None, user=alice)
    assert not is_in(here)
