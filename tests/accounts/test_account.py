"""The account page: the address, which only the one who knows the password changes; the language."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests import factories

URL = "/accounts/"

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def change(client, email, password="correct horse"):
    return client.post(URL, {"email": email, "password": password})


def test_a_new_address_is_where_the_link_goes_and_by_what_one_signs_in(alices, alice, client):
    assert change(alices, "Alice@Example.by").url == URL
    alice.refresh_from_db()
    assert alice.email == "Alice@Example.by"
    client.post(reverse("account_reset_password"), {"email": "alice@example.by"})
    assert "alice" in mail.outbox[0].body
    client.post(reverse("account_login"), {"login": "alice@example.by", "password": "correct horse"})
    assert "_auth_user_id" in client.session


def test_the_old_address_opens_nothing_any_more(alices, alice, client):
    change(alices, "old@example.by")
    change(alices, "new@example.by")
    assert [one.email for one in EmailAddress.objects.all()] == ["new@example.by"]
    client.post(reverse("account_reset_password"), {"email": "old@example.by"})
    assert not [letter for letter in mail.outbox if "сменить пароль пользователя alice" in letter.body]


def test_an_address_can_be_taken_away(alices, alice):
    change(alices, "old@example.by")
    change(alices, "")
    alice.refresh_from_db()
    assert (alice.email, EmailAddress.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("new@example.by", "wrong", "Пароль неверен."),
        ("new@example.by", "", "Обязательное поле."),
        ("BOB@example.by", "correct horse", "Этот адрес использовать нельзя."),
        ("не адрес", "correct horse", "правильный адрес"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(alices, alice, email, password, words):
    factories.make_user("bob", email="bob@example.by")
    response = change(alices, email, password)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "correct horse" not in response.content.decode()
    alice.refresh_from_db()
    assert alice.email == ""


def test_a_password_cannot_be_guessed_here_without_end(alices):
    answers = [change(alices, "new@example.by", "wrong").content.decode() for _ in range(12)]
    assert "Слишком много попыток" not in answers[0]
    assert "Слишком много попыток" in answers[-1]
    assert change(alices, "new@example.by").status_code == 429


def test_the_language_is_switched_and_back_on_the_page_where_one_was(alices):
    page = alices.get(URL).content.decode()
    assert 'name="language" value="en"' in page
    referer = {"Referer": "http://localhost/accounts/"}
    response = alices.post(reverse("set_language"), {"language": "en"}, headers=referer)
    assert response.url == "http://localhost/accounts/" or response.url.endswith("/accounts/")
    assert '<html lang="en">' in alices.get(URL).content.decode()
    alices.post(reverse("set_language"), {"language": "ru"}, headers=referer)
    assert '<html lang="ru">' in alices.get(URL).content.decode()


def test_all_settings_are_one_place(alices):
    for name in ("gemini:settings", "gemini:prompt-list", "account_sessions", "account_settings"):
        page = alices.get(reverse(name)).content.decode()
        assert f'href="{reverse(name)}" aria-current="page"' in page
        assert page.count('aria-current="page"') == 1
