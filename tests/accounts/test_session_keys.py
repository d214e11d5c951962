"""Signing in by REST: a key for the header, no cookie."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from tests import factories
from tests.gemini.rest.conftest import Caller

URL = "/api/v1/accounts/session/"

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def sign_in(password="correct horse", username="alice"):
    return Client(enforce_csrf_checks=True).post(
        URL, {"username": username, "password": password}, content_type="application/json"
    )


def test_a_key_opens_the_api_and_ends_with_its_session(alice):
    response = sign_in()
    assert response.status_code == 201
    assert not response.cookies
    assert set(response.json()) == {"session_id", "expires_at"}
    assert response.json()["expires_at"].endswith("Z")
    caller = Caller()
    caller.headers = {"Authorization": f"Session {response.json()['session_id']}"}
    assert caller.get("chat-sessions/").status_code == 200
    assert caller("delete", URL).status_code == 204
    assert caller.get("chat-sessions/").status_code == 401
    assert not Session.objects.exists()


def test_wrong_credentials_are_told_alike(alice):
    factories.make_user("gone", is_active=False)
    for response in (sign_in("wrong"), sign_in(username="nobody"), sign_in(username="gone")):
        assert response.status_code == 401
        assert response.json() == {"error": "Неверные учетные данные", "code": "invalid_credentials"}


def test_attempts_are_limited_like_those_of_the_form(alice):
    refused = [sign_in("wrong").status_code for _ in range(7)]
    assert (refused[0], refused[-1]) == (401, 429)
    assert sign_in().json()["code"] == "rate_limited"


def test_a_missing_field_is_said(db):
    response = Client().post(URL, {"username": "a"}, content_type="application/json")
    assert response.json() == {"password": ["Это поле обязательно для заполнения."]}


def test_a_cookie_ends_its_session_with_a_token_only(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.delete(URL).status_code == 403
    client.cookies["csrftoken"] = "c" * 32
    assert client.delete(URL, headers={"X-CSRFToken": "c" * 32}).status_code == 204
    assert not Session.objects.exists()
    assert Client().delete(URL).status_code == 401
