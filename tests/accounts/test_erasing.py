"""The page that ends an account: who may, what has to be said, and what a slip does not do."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.urls import reverse

from accounts.models import User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

URL = "/accounts/erase/"
GIVEN = {"username": "alice", "password": "correct horse"}


def test_the_page_says_what_goes_and_offers_the_archive_first(alices):
    page = alices.get(URL).content.decode()
    assert "вернуть это нельзя" in page
    assert reverse("gemini:export-everything") in page


def test_name_and_password_end_the_account_and_every_session(alices, alice, client_of):
    elsewhere = client_of(alice)
    answer = alices.post(URL, GIVEN, follow=True)
    assert "Учётная запись и всё, что в ней было, удалены." in answer.content.decode()
    assert not User.objects.filter(pk=alice.pk).exists()
    assert elsewhere.get("/gemini/").status_code == 302


@pytest.mark.parametrize("change", [{"username": "bob"}, {"username": ""}, {"password": "wrong"}, {"password": ""}])
def test_without_either_nothing_ends(alices, change):
    assert alices.post(URL, GIVEN | change).status_code == 422
    assert User.objects.filter(username="alice", is_active=True).exists()


def test_a_stranger_ends_nobody_and_a_visitor_is_sent_to_sign_in(bobs, client, alice):
    assert bobs.post(URL, GIVEN).status_code == 422
    assert client.post(URL, GIVEN).status_code == 302
    assert User.objects.filter(pk=alice.pk).exists()


def test_passwords_cannot_be_tried_without_end(alices):
    statuses = [alices.post(URL, GIVEN | {"password": f"wrong {n}"}).status_code for n in range(15)]
    assert statuses == [422] * 10 + [429] * 5
    assert alices.post(URL, GIVEN).status_code == 429


@pytest.mark.parametrize(("seconds", "status"), [(10, 302), (3_600, 422)])
def test_who_has_no_password_must_have_signed_in_just_now(alices, alice, seconds, status):
    alice.set_unusable_password()
    alice.save()
    alices.force_login(alice)
    session = alices.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "socialaccount", "at": time.time() - seconds}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(alice.pk)
    session.save()
    assert alices.post(URL, {"username": "alice"}).status_code == status
    assert User.objects.filter(pk=alice.pk).exists() == (status == 422)


def test_the_only_operator_of_a_site_with_others_stays(client_of, bob):
    operator = factories.make_user("operator", is_staff=True, is_superuser=True)
    form = {"username": "operator", "password": "correct horse"}
    assert "передайте права" in client_of(operator).post(URL, form).content.decode()
    bob.is_superuser = True
    bob.save()
    assert client_of(operator).post(URL, form).status_code == 302
