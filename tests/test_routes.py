"""Every route of the site × every method × every kind of caller × own, other's and absent ids.

Nothing here is listed twice: routes come from the URLconf, and one with a parameter that is not known here fails.
"""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from finance.models import ImportBatch, Salary, Transaction
from gemini.models import ChatMessage, ChatSession
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]
CALLERS = ["anonymous", "owner", "stranger", "staff"]
ABSENT = 10**9
# What anybody may open; `admin/` is Django's own and asks everybody but the staff to sign in.
PUBLIC = re.compile(
    r"$|healthz|readyz|language/|accounts/(login|signup|logout|inactive|password/reset|google/|3rdparty/(login|signup))|admin/|api/v1/(schema|docs)/$"
)
# It answers everybody with a stream, and needs a database of its own for it: see tests/gemini/web/test_stream.py.
STREAM = "gemini/messages/<int:message_id>/stream/"
# Parameter → how an object of Alice's that it names is made.
OBJECTS = {
    "session_id": lambda alice: factories.make_session(alice),
    "prompt_id": lambda alice: factories.make_prompt(alice),
    "message_id": lambda alice: factories.make_reply(factories.make_session(alice), status="failed"),
    "accounts/sessions/pk": lambda alice: factories.make_sign_in(alice),
    "chat-sessions/pk": lambda alice: factories.make_session(alice),
    "chat-messages/pk": lambda alice: factories.make_message(factories.make_session(alice)),
    "transaction_id": lambda alice: factories.make_transaction(alice),
    "salary_id": lambda alice: factories.make_salary(alice),
    "batch_id": lambda alice: factories.make_batch(alice),
    "finance/transactions/pk": lambda alice: factories.make_transaction(alice),
    "finance/salaries/pk": lambda alice: factories.make_salary(alice),
}
# Of routes that are not ours, with what their parameters are filled.
WORDS = {"uidb36": "1", "key": "x-y", "app_label": "gemini", "url": "x", "content_type_id": "1", "object_id": "1"}


def routes(patterns, prefix=""):
    for pattern in patterns:
        text = prefix + str(pattern.pattern).lstrip("^").removesuffix(r"\Z").removesuffix("$")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, text)
        else:
            yield text


ROUTES = sorted(set(routes(get_resolver().url_patterns)) - {STREAM})
ROUTES = [route for route in ROUTES if not route.startswith("admin/")]
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def kind_of(route):
    """The kind of object that a route names, or None; fails for a parameter that nobody has thought of."""
    names = [a or b for a, b in PARAMETER.findall(route)]
    names = [next((kind for kind in OBJECTS if kind.endswith("/pk") and kind[:-2] in route), n) for n in names]
    unknown = [name for name in names if name not in OBJECTS and name not in WORDS]
    assert not unknown, f"{route}: say in OBJECTS what {unknown} names"
    return next((name for name in names if name in OBJECTS), None)


def address(route, pk=None):
    def filled(match):
        name = match[1] or match[2]
        return str(WORDS.get(name, pk))

    return "/" + PARAMETER.sub(filled, route)


class Walker:
    def __init__(self, user=None):
        self.user = user
        self.client = Client(headers={"Host": "localhost"})
        self.fresh()

    def fresh(self):
        if self.user:
            self.client.force_login(self.user)

    def __call__(self, route, method, pk=None):
        # Some of these end the session.
        if route.startswith(("accounts/", "api/v1/accounts/")):
            self.fresh()
        body = {"title": "Моё", "content": "Моё", "message": "Моё", "session_id": pk, "session": pk, "role": "user"}
        is_api = re.match(r"api/|gemini/(api/|send-message/|test-api-key/)|.*update-title/", route)
        options = (
            {"content_type": "application/json", "data": json.dumps(body)} if is_api else {"data": {"title": "Моё"}}
        )
        if method in ("get", "head", "options", "trace"):
            options = {}
        if method in ("put", "patch", "delete") and not is_api:
            options = {}
        return getattr(self.client, method)(address(route, pk), **options)


def content_of(response):
    """The body, its CSRF token blanked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)


@pytest.fixture(autouse=True)
def no_limits_used_up():
    cache.clear()


@pytest.fixture
def people(alice, bob):
    staff = factories.make_user("staff", is_staff=True, is_superuser=True)
    return {"anonymous": None, "owner": alice, "stranger": bob, "staff": staff}


def is_refusal(response):
    login = getattr(response, "url", "").startswith("/accounts/login/")
    return response.status_code in (401, 403, 404, 405) or (response.status_code == 302 and login)


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_gets_in_and_nothing_breaks(route, people):
    """Whoever calls, in whatever way, with whatever id: never a failure of ours, and nobody gets in without a name."""
    kind = kind_of(route)
    for caller, user in people.items():
        walker = Walker(user)
        for method in METHODS:
            for pk in (OBJECTS[kind](people["owner"]).pk, ABSENT) if kind else (None,):
                response = walker(route, method, pk)
                assert response.status_code < 500, (caller, method, pk)
                if caller == "anonymous" and not PUBLIC.match(route):
                    signing_in = route == "api/v1/accounts/session/" and method == "post"
                    assert is_refusal(response) or signing_in, (caller, method, response.status_code)


@pytest.mark.parametrize("route", [route for route in ROUTES if kind_of(route)])
@pytest.mark.parametrize("caller", ["anonymous", "stranger", "staff"])
def test_anothers_object_is_byte_for_byte_an_absent_one(route, caller, people):
    mine = OBJECTS[kind_of(route)](people["owner"])
    before = state()
    walker = Walker(people[caller])
    for method in METHODS:
        theirs, absent = walker(route, method, mine.pk), walker(route, method, ABSENT)
        assert theirs.status_code == absent.status_code, method
        blanked = content_of(theirs).replace(str(mine.pk).encode(), b"#")
        assert blanked == content_of(absent).replace(str(ABSENT).encode(), b"#").replace(str(mine.pk).encode(), b"#")
        assert theirs.status_code in ((401, 302, 405) if caller == "anonymous" else (404, 405)), method
    assert state() == before


def state():
    models = (ChatSession, ChatMessage, Transaction, Salary, ImportBatch)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_there_is_something_to_walk():
    assert len(ROUTES) > 40
    assert sum(1 for route in ROUTES if kind_of(route)) > 15
