"""Every route of both APIs, every method, every kind of caller; a route that is not known here fails."""

import pytest
from django.urls import get_resolver

from tests import factories
from tests.gemini.rest.conftest import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

METHODS = ["get", "post", "put", "patch", "delete", "options", "trace"]
SESSION, MESSAGE = "api/v1/gemini/chat-sessions/", "api/v1/gemini/chat-messages/"
TRANSACTION, SALARY = "api/v1/finance/transactions/", "api/v1/finance/salaries/"
# Path → its methods; `{session}`, `{message}`, … are ids whose owner matters.
ROUTES = {
    SESSION: {"get", "post"},
    SESSION + "my_sessions/": {"get"},
    SESSION + "stats/": {"get"},
    SESSION + "{session}/": {"get", "put", "patch", "delete"},
    SESSION + "{session}/messages/": {"get"},
    SESSION + "{session}/reply/": {"get"},
    SESSION + "{session}/clear_history/": {"post"},
    SESSION + "{session}/send_message/": {"post"},
    SESSION + "{session}/stop/": {"post"},
    SESSION + "{session}/retry/": {"post"},
    MESSAGE: {"get", "post"},
    MESSAGE + "recent/": {"get"},
    MESSAGE + "{message}/": {"get", "put", "patch", "delete"},
    "api/v1/gemini/api/analyze_text/": {"post"},
    "api/v1/gemini/api/generate_response/": {"post"},
    "api/v1/gemini/api/stats/": {"get"},
    TRANSACTION: {"get", "post"},
    TRANSACTION + "{transaction}/": {"get", "put", "patch", "delete"},
    SALARY: {"get", "post"},
    SALARY + "{salary}/": {"get", "put", "patch", "delete"},
    "api/v1/finance/import/": {"post"},
    "api/v1/finance/summary/": {"get"},
    "api/v1/finance/analyze/": {"post"},
    "api/v1/accounts/session/": {"post", "delete"},
    "api/v1/calendar/status/": {"get"},
    "api/v1/calendar/events/": {"get"},
    "api/v1/calendar/analyze/": {"post"},
    "api/v1/calendar/disconnect/": {"post"},
    "gemini/send-message/": {"post"},
    "gemini/test-api-key/": {"post"},
    "gemini/sessions/{session}/update-title/": {"post"},
    "gemini/api/send-message/": {"post"},
    "gemini/api/test-api-key/": {"post"},
    "gemini/api/sessions/{session}/update-title/": {"post"},
}
PUBLIC = {"api/v1/schema/", "api/v1/docs/"}
KINDS = {"chat-messages": "{message}", TRANSACTION: "{transaction}", SALARY: "{salary}"}
OWNED = [route for route in ROUTES if "{" in route]


def known_routes(patterns, prefix=""):
    for pattern in patterns:
        text = prefix + str(pattern.pattern).lstrip("^").removesuffix(r"\Z").removesuffix("$")
        if hasattr(pattern, "url_patterns"):
            yield from known_routes(pattern.url_patterns, text)
        else:
            kind = next((kind for folder, kind in KINDS.items() if folder in text), "{session}")
            for parameter in ("(?P<pk>[0-9]{1,18})", "<int:session_id>"):
                text = text.replace(parameter, kind)
            yield text, pattern


def test_no_route_is_unknown():
    routes = {
        text
        for text, pattern in known_routes(get_resolver().url_patterns)
        if text.startswith("api/") or pattern.lookup_str.startswith("gemini.jsonviews")
    }
    assert routes == set(ROUTES) | PUBLIC


@pytest.fixture
def addresses(alice):
    session = factories.make_session(alice)
    message = factories.make_message(session)
    objects = {
        "session": session.pk,
        "message": message.pk,
        "transaction": factories.make_transaction(alice).pk,
        "salary": factories.make_salary(alice).pk,
    }
    return lambda route, absent=False: "/" + route.format_map(dict.fromkeys(objects, 10**9) if absent else objects)


def call(caller, method, url):
    body = {"title": "Моё", "content": "Моё", "session_id": 10**9, "message": "Моё"}
    return caller(method, url, body if method in ("post", "put", "patch") else None)


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_may_call_anything(addresses, route):
    for method in ROUTES[route] - ({"post"} if "accounts" in route else set()):
        response = call(Caller(), method, addresses(route))
        assert response.status_code == 401, method
        assert response.json()["code"] == "unauthorized"


@pytest.mark.parametrize("route", ROUTES)
def test_wrong_methods_are_refused_in_the_envelope(addresses, alice, route):
    for method in set(METHODS) - ROUTES[route]:
        response = call(Caller(alice), method, addresses(route))
        assert response.status_code == 405, method
        assert response.json()["code"] == "method_not_allowed"
        assert ("success" in response.json()) == route.startswith("gemini/")
        assert {name.strip().lower() for name in response.headers["Allow"].split(",")} >= ROUTES[route]


def blanked(headers):
    """Without what tells two requests apart, whatever they ask for."""
    return {name: value for name, value in headers.items() if name != "X-Request-Id"}


@pytest.mark.parametrize("route", OWNED)
@pytest.mark.parametrize("is_staff", [False, True])
def test_anothers_object_is_byte_for_byte_an_absent_one(addresses, bob, alice, route, is_staff):
    bob.is_staff = bob.is_superuser = is_staff
    bob.save()
    for method in ROUTES[route]:
        theirs = call(Caller(bob), method, addresses(route))
        absent = call(Caller(bob), method, addresses(route, absent=True))
        assert (theirs.status_code, absent.status_code) == (404, 404), method
        assert theirs.content == absent.content
        assert blanked(theirs.headers) == blanked(absent.headers)
    session = alice.gemini_chat_sessions.get()
    assert (session.title, session.messages.get().content) == ("Курсы валют", "Привет")


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_the_schema_and_its_page_are_open(path):
    assert Caller().get(f"/{path}").status_code == 200
