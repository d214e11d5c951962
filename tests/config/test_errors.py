"""The pages that Django shows when nothing else can be: in our look, and safe in the trouble that called them."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import path, reverse

from config import urls

ROOT = Path(__file__).resolve().parents[2]


def refuse(request):
    raise PermissionDenied


def suspect(request):
    raise SuspiciousOperation


def break_down(request):
    raise OperationalError("the database is gone")


handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
urlpatterns = [
    path("refused/", refuse),
    path("suspicious/", suspect),
    path("broken/", break_down),
    *urls.urlpatterns,
]


@pytest.mark.django_db
@pytest.mark.urls("tests.config.test_errors")
@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/refused/", 403, "Нет доступа"),
        ("/suspicious/", 400, "Непонятный запрос"),
        ("/nothing/", 404, "Такой страницы нет"),
        ("/broken/", 500, "Ошибка сервера"),
    ],
)
def test_each_failure_has_a_page_in_our_look(alices, address, status, title):
    alices.raise_request_exception = False
    response = alices.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert f"<title>{title} — Gemini</title>" in page
    assert "css/site.css" in page
    assert f"<h1>{title}</h1>" in page
    assert "unsafe-" not in response.headers["Content-Security-Policy"]


@pytest.mark.urls("tests.config.test_errors")
def test_the_page_of_a_broken_server_asks_nothing_of_the_database(settings, tmp_path):
    # No mark of the database here: any query would fail the test, as would a missing manifest.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static.HashedStorage"}}
    settings.STATIC_ROOT = tmp_path
    page = Client(raise_request_exception=False).get("/broken/").content.decode()
    assert "Ошибка сервера" in page
    assert "Server Error" not in page


def test_the_page_of_a_broken_server_names_files_that_are_there():
    for name in re.findall(r'"/static/([^"]+)"', (ROOT / "templates" / "500.html").read_text()):
        assert (ROOT / "static" / name).exists(), name


@pytest.mark.django_db
def test_a_form_with_a_stale_token_says_what_to_do():
    page = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert page.status_code == 403
    assert "Страница устарела" in page.content.decode()


@pytest.mark.django_db
def test_who_tries_to_sign_in_too_often_is_asked_to_wait(client):
    pages = [client.post(reverse("account_login"), {"login": f"n{n}", "password": "x"}) for n in range(31)]
    assert pages[-1].status_code == 429
    assert "Слишком много попыток" in pages[-1].content.decode()
