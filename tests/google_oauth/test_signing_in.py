"""Signing in and up with Google: by the site's own rules, and without a password of anybody's being touched."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from google_oauth.models import GoogleCredential
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def is_signed_in(client):
    return "_auth_user_id" in client.session


def everything_in_sessions():
    return json.dumps([session.get_decoded() for session in Session.objects.all()])


def test_the_first_account_is_the_operators_and_the_second_is_not(sign_in):
    first, page = sign_in("anna.k@example.com")
    assert is_signed_in(first)
    assert page.url == reverse("gemini:dashboard")
    sign_in("boris.l@example.com")
    anna, boris = User.objects.order_by("pk")
    assert (anna.is_staff, anna.is_superuser, anna.email) == (True, True, "anna.k@example.com")
    assert (boris.is_staff, boris.is_superuser) == (False, False)


def test_whoever_signs_in_again_is_the_same_person(sign_in):
    sign_in()
    client, _ = sign_in()
    assert is_signed_in(client)
    assert User.objects.count() == 1


def test_a_closed_site_lets_in_whoever_has_an_account_and_nobody_else(sign_in, settings):
    sign_in("anna.k@example.com")
    settings.SIGNUP = "closed"
    assert is_signed_in(sign_in("anna.k@example.com")[0])
    stranger, page = sign_in("boris.l@example.com")
    assert "Регистрация закрыта" in page.content.decode()
    assert not is_signed_in(stranger)
    assert User.objects.count() == 1


def test_an_invitation_lets_in_one_person_by_google(sign_in, settings, client, google):
    settings.SIGNUP = "invite"
    invitation = Invitation.objects.create(expires_at=timezone.now() + timedelta(days=1))
    assert "Регистрация закрыта" in sign_in("boris.l@example.com")[1].content.decode()
    client.get(f"{reverse('account_signup')}?invitation={invitation.code}")
    invited, _ = sign_in("boris.l@example.com", client)
    assert is_signed_in(invited)
    invitation.refresh_from_db()
    assert invitation.used_by == User.objects.get()
    assert not is_signed_in(sign_in("anna.k@example.com", None)[0])


def test_an_address_that_is_taken_signs_nobody_in_and_leaves_the_password_alone(sign_in):
    local = make_user("anna", email="anna.k@example.com")
    client, page = sign_in("anna.k@example.com")
    assert page.url == reverse("socialaccount_signup")
    words = client.get(page.url).content.decode()
    assert "Такая почта здесь уже есть" in words
    assert not is_signed_in(client)
    local.refresh_from_db()
    assert local.check_password("correct horse")
    assert not local.socialaccount_set.exists()
    assert "ya29." not in everything_in_sessions()


def test_with_another_address_one_may_sign_up_all_the_same(sign_in):
    make_user("anna", email="anna.k@example.com")
    client, page = sign_in("anna.k@example.com")
    refused = client.post(page.url, {"username": "anna2", "email": "anna.k@example.com"})
    assert "Учётная запись с этой почтой уже есть" in refused.content.decode()
    client.post(page.url, {"username": "anna2", "email": ""})
    assert is_signed_in(client)
    assert User.objects.get(username="anna2").socialaccount_set.exists()


def test_the_first_account_that_needs_the_form_is_the_operators_too(sign_in, settings):
    settings.SOCIALACCOUNT_AUTO_SIGNUP = False
    client, page = sign_in("anna.k@example.com")
    client.post(page.url, {"username": "anna", "email": "anna.k@example.com"})
    assert User.objects.get().is_superuser


def test_who_refuses_is_told_that_nothing_has_changed(sign_in, client):
    refusing, page = sign_in(allow=False)
    assert page.url == reverse("socialaccount_login_cancelled")
    assert "Ничего не изменилось" in refusing.get(page.url).content.decode()
    assert not User.objects.exists()


def test_an_answer_that_nobody_asked_for_is_refused(google, client, sign_in):
    stolen = google.consent(client.post(reverse("google_login")).url)
    page = Client(headers={"Host": "localhost"}).get(stolen)
    assert page.status_code == 401
    assert "Google вас не подтвердил" in page.content.decode()
    assert not User.objects.exists()


def test_an_answer_is_good_for_one_time(google, client):
    answer = google.consent(client.post(reverse("google_login")).url)
    client.get(answer)
    client.logout()
    assert client.get(answer).status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("kind", ["invalid_client", "500", "html", "malformed", "down"])
def test_a_google_that_fails_is_an_error_page_and_no_failure_of_ours(google, client, kind):
    answer = google.consent(client.post(reverse("google_login")).url)
    google.control(fail=kind, at="/token")
    page = client.get(answer)
    assert page.status_code == 401
    assert "Google вас не подтвердил" in page.content.decode()


def test_a_link_asks_before_it_leads_anywhere_and_adds_no_scope(google, client):
    link = f"{reverse('google_login')}?scope=https://www.googleapis.com/auth/drive&auth_params=access_type%3Doffline"
    page = client.get(link)
    assert "Войти через Google?" in page.content.decode()
    asked = parse_qs(urlsplit(client.post(link).url).query)
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert asked["access_type"] == ["online"]
    assert asked["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize(
    ("target", "arrives"), [("/calendar/", "/calendar/"), ("https://evil.example/", "/gemini/"), ("//evil", "/gemini/")]
)
def test_signing_in_leads_to_where_one_wanted_to_go_on_this_site(sign_in, target, arrives):
    assert sign_in(next=target)[1].url == arrives


def test_an_account_that_was_switched_off_stays_out(sign_in):
    sign_in()
    User.objects.update(is_active=False)
    client, _ = sign_in()
    assert not is_signed_in(client)


def test_signing_in_alone_stores_no_token(sign_in):
    sign_in()
    assert not GoogleCredential.objects.exists()


def test_without_settings_there_is_no_button_and_no_way(client):
    assert "Google" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("google_login")).status_code == 404
    assert client.get(reverse("google_callback")).status_code == 404


def test_only_pages_with_a_way_to_google_may_post_there(google, alices, client, settings):
    origin = google.address
    for page in (reverse("account_login"), reverse("account_signup"), reverse("google_login")):
        assert f"form-action 'self' {origin}" in client.get(page).headers["Content-Security-Policy"], page
    for page in (reverse("socialaccount_connections"), reverse("google_oauth:calendar")):
        assert f"form-action 'self' {origin}" in alices.get(page).headers["Content-Security-Policy"], page
    for page in (reverse("gemini:dashboard"), reverse("gemini:settings"), reverse("account_change_password")):
        assert origin not in alices.get(page).headers["Content-Security-Policy"], page


def test_who_has_no_password_may_set_one(sign_in):
    client, _ = sign_in()
    page = client.get(reverse("account_change_password"), follow=True)
    assert "Задать пароль" in page.content.decode()
    client.post(page.redirect_chain[-1][0], {"password1": "Дождь-в-Минске-7", "password2": "Дождь-в-Минске-7"})
    assert User.objects.get().check_password("Дождь-в-Минске-7")
