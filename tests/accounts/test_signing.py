import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

PASSWORD = "Дождь-в-Минске-7"


def sign_up(client, username="vera", email="", path="account_signup"):
    return client.post(
        reverse(path), {"username": username, "email": email, "password1": PASSWORD, "password2": PASSWORD}
    )


def sign_in(client, login, password="correct horse", **data):
    return client.post(reverse("account_login"), {"login": login, "password": password, **data})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_the_first_account_is_the_operators_and_the_second_is_not(client):
    assert sign_up(client, "vera").url == reverse("gemini:dashboard")
    client.logout()
    sign_up(client, "gleb")
    first, second = User.objects.order_by("pk")
    assert (first.is_staff, first.is_superuser) == (True, True)
    assert (second.is_staff, second.is_superuser) == (False, False)


@pytest.mark.parametrize("login", ["alice", "alice@example.by", "ALICE@example.by"])
def test_a_person_signs_in_by_name_and_by_mail(client, login):
    make_user("alice", email="alice@example.by")
    sign_in(client, login)
    assert is_signed_in(client)


def test_a_wrong_password_is_refused_in_russian_without_saying_what_was_wrong(client, alice):
    page = sign_in(client, "alice", "wrong").content.decode()
    assert "Имя пользователя и/или пароль не верны" in page or "пароль" in page
    assert not is_signed_in(client)


def test_a_mail_address_belongs_to_one_account_whatever_its_case(client):
    sign_up(client, "vera", "vera@example.by")
    client.logout()
    sign_up(client, "other", "VERA@example.by")
    assert not User.objects.filter(username="other").exists()


def signed_up_with(client, password):
    client.post(reverse("account_signup"), {"username": "vera", "password1": password, "password2": password})
    return User.objects.exists()


@pytest.mark.parametrize("password", ["12345678", "Д0ждь-в"])
def test_weak_passwords_are_refused(client, password):
    assert not signed_up_with(client, password)


@pytest.mark.parametrize("password", ["80297461530", "дождьвминске", "!?!?!;;;***", "𝄞 с пробелом "])
def test_a_password_may_be_made_of_anything(client, password):
    assert signed_up_with(client, password)


@pytest.mark.parametrize("password", ["Ромашка-2026", "моя-РОМАШКА!", "a-ｍｉｌｌ-7-b"])
def test_a_password_holds_no_word_of_the_operators(client, settings, password):
    settings.PASSWORD_FORBIDDEN_WORDS = ["ромашка", "Mill-7"]
    page = client.post(
        reverse("account_signup"), {"username": "vera", "password1": password, "password2": password}
    ).content.decode()
    assert "здесь его пробуют первым" in page
    assert not User.objects.exists()
    settings.PASSWORD_FORBIDDEN_WORDS = ["лютик"]
    assert signed_up_with(client, password)


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_to_another_site_after_signing_in(client, alice, target):
    assert sign_in(client, "alice", next=target).url == reverse("gemini:dashboard")


def test_signing_in_leads_to_where_one_wanted_to_go(client, alice):
    assert sign_in(client, "alice", next="/gemini/settings/").url == "/gemini/settings/"


def test_signing_out_takes_a_post(alices):
    assert alices.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(alices)
    alices.post(reverse("account_logout"))
    assert not is_signed_in(alices)


def test_a_closed_site_says_so_and_lets_nobody_in(client, settings):
    settings.SIGNUP = "closed"
    assert "Регистрация закрыта" in client.get(reverse("account_signup")).content.decode()
    sign_up(client)
    assert not User.objects.exists()


def invite(settings, *options):
    settings.SIGNUP = "invite"
    out = StringIO()
    call_command("invite", *options, stdout=out)
    return out.getvalue().strip().removeprefix(settings.SITE_URL)


def test_an_invitation_lets_in_one_person_once(client, settings):
    link = invite(settings)
    assert "Регистрация закрыта" in client.get(reverse("account_signup")).content.decode()
    assert "Зарегистрироваться" in client.get(link).content.decode()
    sign_up(client, "vera")
    assert User.objects.get().invitation
    client.logout()
    assert "Регистрация закрыта" in client.get(link).content.decode()
    sign_up(client, "gleb")
    assert not User.objects.filter(username="gleb").exists()


def test_an_old_invitation_lets_in_nobody(client, settings):
    link = invite(settings)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "Регистрация закрыта" in client.get(link).content.decode()


def test_a_forgotten_password_is_reset_by_a_link_from_the_mail(client):
    make_user("alice", email="alice@example.by")
    client.post(reverse("account_reset_password"), {"email": "alice@example.by"})
    [letter] = mail.outbox
    assert "сменить пароль пользователя alice" in letter.body
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    form = client.get(link, follow=True)
    changed = client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert "Пароль изменён" in changed.content.decode()
    sign_in(client, "alice", PASSWORD)
    assert is_signed_in(client)


def test_a_reset_for_an_unknown_address_looks_the_same(client):
    page = client.post(reverse("account_reset_password"), {"email": "nobody@example.by"}, follow=True)
    assert "Проверьте почту" in page.content.decode()


def test_a_password_is_changed_by_the_one_who_knows_it(alices, alice):
    alices.post(
        reverse("account_change_password"),
        {"oldpassword": "correct horse", "password1": PASSWORD, "password2": PASSWORD},
    )
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
