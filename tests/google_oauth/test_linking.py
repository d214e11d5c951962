"""Whose Google account is whose: linked from inside only, and never taken from anybody."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from accounts.models import User
from google_oauth.models import GoogleCredential

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

CONNECTIONS = "socialaccount_connections"


def test_a_password_account_is_linked_and_keeps_its_password(link, alices, alice, sign_in, client):
    page = link(alices).content.decode()
    assert "Google подключён: теперь можно входить и через него." in page
    assert "anna.k@example.com" in page
    alice.refresh_from_db()
    assert alice.check_password("correct horse")
    by_google, _ = sign_in()
    assert by_google.session["_auth_user_id"] == str(alice.pk)
    client.post(reverse("account_login"), {"login": "alice", "password": "correct horse"})
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert User.objects.count() == 1


def test_anothers_google_account_cannot_be_taken(link, alices, alice, bobs, bob):
    link(alices)
    page = link(bobs).content.decode()
    assert "подключена к другой учётной записи" in page
    assert SocialAccount.objects.get().user == alice
    assert not bob.socialaccount_set.exists()


def test_connecting_anothers_calendar_reaches_neither_of_them(credential, connect, alice, bobs, bob):
    """allauth's signal comes before it has looked whose the account is."""
    page = connect(bobs).content.decode()
    assert "подключена к другой учётной записи" in page
    assert not GoogleCredential.objects.filter(user=bob).exists()
    untouched = GoogleCredential.objects.get(user=alice)
    assert untouched.encrypted_access == credential.encrypted_access
    assert untouched.encrypted_refresh == credential.encrypted_refresh


def test_linking_takes_somebody_who_is_signed_in(google, client):
    led = client.post(f"{reverse('google_login')}?process=connect")
    page = client.get(google.consent(led.url))
    assert page.status_code == 302
    assert not SocialAccount.objects.exists()


def test_a_link_is_undone_by_its_owner(link, alices, alice):
    link(alices)
    page = alices.post(reverse(CONNECTIONS), {"account": SocialAccount.objects.get().pk}, follow=True)
    assert "Google отключён." in page.content.decode()
    assert not SocialAccount.objects.exists()


def test_anothers_link_is_not_undone(link, alices, bobs):
    link(alices)
    bobs.post(reverse(CONNECTIONS), {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.count() == 1


def test_the_last_way_in_is_not_closed(sign_in):
    client, _ = sign_in()
    page = client.post(reverse(CONNECTIONS), {"account": SocialAccount.objects.get().pk})
    assert "Сначала задайте пароль" in page.content.decode()
    assert SocialAccount.objects.exists()


def test_the_account_keeps_no_more_than_is_shown(link, alices):
    link(alices)
    assert SocialAccount.objects.get().extra_data == {"email": "anna.k@example.com", "name": "Анна Ковалёва"}


def test_the_page_is_for_those_who_are_signed_in(client, google):
    assert client.get(reverse(CONNECTIONS)).url.startswith(reverse("account_login"))


def test_without_settings_the_page_says_what_to_do(alices):
    assert "GOOGLE_CLIENT_ID" in alices.get(reverse(CONNECTIONS)).content.decode()
