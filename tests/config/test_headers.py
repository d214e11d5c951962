import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.urls import reverse

from config.middleware import ContentSecurityPolicy

pytestmark = pytest.mark.django_db


def test_every_answer_carries_the_policy_and_none_of_it_is_unsafe(alices):
    for url in (reverse("gemini:dashboard"), reverse("account_login"), "/nothing/"):
        headers = alices.get(url).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe-" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_the_kept_policy_is_django_csps_own_and_a_view_may_still_add_to_it(rf):
    policy = ContentSecurityPolicy(lambda request: HttpResponse())
    plain = policy(rf.get("/"))
    assert (
        plain.headers["Content-Security-Policy"]
        == CSPMiddleware(lambda request: HttpResponse())(rf.get("/")).headers["Content-Security-Policy"]
    )

    def adds(request):
        response = HttpResponse()
        response._csp_update = {"form-action": ["https://accounts.google.com"]}
        return response

    added = ContentSecurityPolicy(adds)(rf.get("/")).headers["Content-Security-Policy"]
    assert "form-action 'self' https://accounts.google.com" in added
    assert "google" not in policy(rf.get("/")).headers["Content-Security-Policy"]


def test_the_language_is_russian_whatever_the_browser_prefers(client):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="ru">' in page
    assert "Вход" in page


def test_the_language_is_switched_by_the_visitor_alone(client):
    client.post(reverse("set_language"), {"language": "en"})
    assert '<html lang="en">' in client.get(reverse("account_login")).content.decode()


def test_the_root_leads_to_the_chats(client):
    assert client.get("/").url == reverse("gemini:dashboard")


def test_pages_are_kept_by_no_cache(alices, alice):
    for response in (alices.get(reverse("gemini:dashboard")), alices.get("/nothing/"), alices.get("/")):
        assert response.headers["Cache-Control"] == "private, no-store"


def test_what_says_itself_how_long_it_is_kept_is_believed(alices):
    assert "no-store" in alices.get(reverse("account_change_password")).headers["Cache-Control"]
