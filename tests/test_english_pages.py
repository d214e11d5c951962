"""Every page in English, walked by the URLconf: not one Russian letter, when what people wrote holds none.

The APIs speak Russian by contract. What is attached to answers from sources, and blank files that are recognised by
their headers, hold words that were written down before anybody chose a language.
"""

import re

import pytest
from django.core.cache import cache

from gemini import exceptions
from gemini.models import ChatMessage, GeminiCall
from gemini.models.conversations import FINISH_REASONS
from tests import factories
from tests.catalogues import CYRILLIC
from tests.test_routes import ROUTES, address, kind_of

# What the language switch shows of itself.
SWITCH = '<button type="submit" name="language" value="ru" lang="ru">Русский</button>'
OBJECTS = {
    "session_id": lambda alice: conversation(alice),
    "prompt_id": lambda alice: factories.make_prompt(alice, "Translation", "Translate {text} into {language}"),
    "message_id": lambda alice: conversation(alice).messages.filter(role="assistant").last(),
    "accounts/sessions/pk": lambda alice: factories.make_sign_in(alice),
    "finance/transactions/pk": lambda alice: factories.make_transaction(alice, category="Food", counterparty="Shop"),
    "finance/salaries/pk": lambda alice: factories.make_salary(alice, employer="Employer"),
    "batch_id": lambda alice: factories.make_batch(alice, file_name="statement.csv"),
}
# Machines read them: the APIs speak Russian by contract, and what is filled in by hand is recognised by its header.
NOT_PAGES = re.compile(r"api/|gemini/api/|finance/import/template|.*\.(css|js)$|healthz|readyz")
PAGES = [route for route in ROUTES if not NOT_PAGES.match(route)]
VIEWS = [
    "gemini/?q=nothing+like+this",
    "gemini/?q=rates",
    "gemini/?archived=1",
    "gemini/usage/?period=7d",
    "gemini/usage/?period=bad",
    "gemini/settings/?",
    "finance/?q=none",
    "finance/salaries/",
    "calendar/?period=month",
    "no/such/page/",
]


def conversation(alice):
    """A chat in which an answer came out in each of the ways there are."""
    session = factories.make_session(alice, "Exchange rates")
    fields = {"metadata": {"model": "gemini-flash-latest"}, "tokens_used": 21, "response_time": 1234.5}
    for status in ChatMessage.Status.values:
        if status != "generating":
            question = factories.make_message(session, "What are the rates?")
            code = "quota_exceeded" if status == "failed" else ""
            factories.make_reply(session, "Hello!", parent=question, status=status, error_code=code, **fields)
    return session


@pytest.fixture
def world(alice):
    """Something to see on every page."""
    conversation(alice)
    factories.make_session(alice, "Kept", is_active=False)
    for kind in ("prompt_id", "finance/transactions/pk", "finance/salaries/pk", "batch_id"):
        OBJECTS[kind](alice)
    for purpose in GeminiCall.Purpose.values:
        factories.make_call(alice, purpose=purpose)
    for code in exceptions.MESSAGES:
        factories.make_call(alice, code=code)
    cache.clear()
    return alice


def assert_english(response):
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    html = response.content.decode().replace(SWITCH, "")
    html = re.sub(r'<button [^>]*value="ru"[^>]*>Русский</button>', "", html)
    assert not CYRILLIC.findall(html)


def english(client):
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES + VIEWS)
@pytest.mark.parametrize("who", ["owner", "anonymous"])
def test_a_page_in_english_holds_no_russian_letter(route, who, world, client_of, client):
    kind = kind_of(route)
    visitor = english(client_of(world) if who == "owner" else client)
    path = address(route, OBJECTS[kind](world).pk if kind else None)
    for headers in ({}, {"HX-Request": "true"}):
        response = visitor.get(path, headers={"Host": "localhost", **headers})
        assert response.status_code < 500
        assert_english(response)


@pytest.mark.django_db
def test_whatever_became_of_an_answer_is_told_in_english(alice, alices):
    session = factories.make_session(alice, "Exchange rates")
    source = {"name": "nbrb_convert", "title": "Курсы НБРБ", "arguments": {"from": "USD"}, "state": "stale"}
    source |= {"sent": {"as_of": "2026-11-23", "data": {"amount": "1500", "rates": [{"currency": "USD", "on": True}]}}}
    ends = [{"status": "failed", "error_code": code} for code in exceptions.MESSAGES]
    ends += [{"metadata": {"finish_reason": reason}} for reason in (*FINISH_REASONS, "OTHER")]
    ends += [{"metadata": {"left_out": 3, "sources": [source]}}]
    for end in ends:
        reply = factories.make_reply(session, "Hi", parent=factories.make_message(session, "Hello"), **end)
        response = english(alices).get(f"/gemini/messages/{reply.pk}/", headers={"HX-Request": "true"})
        assert response.status_code == 200
        assert_english(response)


INVALID = {
    "/gemini/chat/": {"content": ""},
    "/gemini/settings/": {"temperature": "9", "max_output_tokens": "x", "api_key": "a b", "model": "!"},
    "/gemini/prompts/new/": {"name": "", "text": ""},
    "/gemini/import/": {},
    "/finance/import/": {},
    "/finance/transactions/new/": {"amount": "1,234.5.6", "date": "31.02.2026", "currency": "?"},
    "/finance/salaries/new/": {"amount": "-1", "date": "", "currency": "BYN"},
    "/finance/analysis/": {"since": "2026-11-24", "until": "2026-01-01"},
    "/accounts/login/": {"login": "alice", "password": "wrong"},
    "/accounts/signup/": {"username": "alice", "password1": "1", "password2": "2", "email": "x"},
    "/accounts/password/change/": {"oldpassword": "x", "password1": "1", "password2": "2"},
    "/accounts/": {"email": "x", "password": "wrong"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", INVALID)
def test_a_form_says_in_english_what_is_wrong_with_it(path, alice, client_of, client):
    visitor = english(client if "/login/" in path or "/signup/" in path else client_of(alice))
    response = visitor.post(path, INVALID[path], headers={"Host": "localhost"})
    assert response.status_code in (200, 422)
    assert_english(response)


def test_the_walk_sees_russian_where_it_is(alices):
    assert CYRILLIC.search(alices.get("/gemini/").content.decode())


def test_there_are_pages_to_walk():
    assert len(PAGES) > 40
