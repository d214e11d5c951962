"""What every answer says to a browser, from whatever view or middleware it comes."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.security.routes import addresses

pytestmark = pytest.mark.django_db

OTHERS = ["/nothing/", "/static/nothing.css", "/healthz", "/readyz", "/api/v1/nothing/", "/gemini/api/nothing/"]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def check(response, url):
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    assert policy >= POLICY, url
    assert "unsafe-" not in str(policy), url
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, (url, name)
    assert "Server" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers
    kind = response.headers.get("Content-Type", "")
    assert "charset=utf-8" in kind.lower().replace('"', "") or not kind.startswith("text/"), url
    assert "no-store" in response.headers.get("Cache-Control", ""), url


@pytest.mark.parametrize("who", ["nobody", "alice", "staff"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_answer_of_every_route_carries_the_policy(who, method, settings):
    settings.RATE_LIMITS = {}
    client = Client(headers={"Host": "localhost"}, raise_request_exception=False)
    user = None if who == "nobody" else factories.make_user(who, is_staff=who == "staff", is_superuser=who == "staff")
    for url in [*addresses(), *OTHERS]:
        if user:
            client.force_login(user)
        check(getattr(client, method)(url), url)


def test_so_do_a_wrong_host_a_refused_token_a_limit_and_a_failure(alice, monkeypatch, settings):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    login = reverse("account_login")
    check(client.get(login, headers={"Host": "evil.example"}), "400")
    check(client.post(login, {"login": "x"}), "403")
    settings.RATE_LIMITS = {"sign_in": "1 per minute"}
    Client().post(login, {"login": "x"})
    limited = Client().post(login, {"login": "x"})
    assert limited.status_code == 429
    check(limited, "429")
    monkeypatch.setattr("gemini.web.keyboard.render", None)
    broken = Client(raise_request_exception=False)
    broken.force_login(alice)
    failed = broken.get(reverse("gemini:help"))
    assert failed.status_code == 500
    check(failed, "500")


def test_so_do_downloads_and_streams(alices, alice):
    session = factories.make_session(alice)
    reply = factories.make_reply(session)
    for url in [
        *(reverse(f"gemini:chat-{kind}", args=[session.pk]) for kind in ("markdown", "json", "print")),
        reverse("gemini:message-text", args=[reply.pk]),
        reverse("gemini:reply-stream", args=[reply.pk]),
        reverse("finance:import-transactions-template"),
    ]:
        response = alices.get(url)
        assert response.status_code == 200, url
        check(response, url)


def test_another_host_is_refused_whatever_header_names_it(alices):
    page = reverse("gemini:dashboard")
    assert alices.get(page, headers={"Host": "evil.example"}).status_code == 400
    for header in ("X-Forwarded-Host", "Forwarded", "X-Host"):
        answer = alices.get(page, headers={header: "host=evil.example"})
        assert answer.status_code == 200
        assert b"evil.example" not in answer.content


def test_a_letter_names_no_host_that_its_asker_has_chosen(client, mailoutbox):
    factories.make_user("alice", email="alice@example.by")
    form = {"email": "alice@example.by"}
    client.post(reverse("account_reset_password"), form, headers={"X-Forwarded-Host": "evil.example"})
    assert client.post(reverse("account_reset_password"), form, headers={"Host": "evil.example"}).status_code == 400
    assert len(mailoutbox) == 1
    assert "evil.example" not in mailoutbox[0].body
