"""Sources through every interface: the answer comes with the figure, whoever asks for it."""

import json
from datetime import timedelta
from html import unescape

import pytest

from gemini.models import ChatMessage, NbrbRate
from gemini.service import Exchange, GeminiService
from gemini.sources.nbrb.rates import today
from tests import factories
from tests.gemini.rest.conftest import Caller

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live", "services")]

QUESTION = "Сколько будет 1500 USD в рублях на вчера?"


def expected() -> str:
    rate = NbrbRate.objects.get(currency="USD", date=today() - timedelta(days=1))
    return f"{1500 * rate.rate:,.2f}".replace(",", "\u00a0").replace(".", ",")


def test_rest(alice):
    session = factories.make_session(alice)
    answer = Caller(alice).post(f"chat-sessions/{session.pk}/send_message/", {"content": QUESTION})
    assert answer.status_code == 200
    reply = answer.json()["assistant_message"]
    assert f"{expected()} BYN" in reply["content"]
    assert reply["tokens_used"] > 0


def test_json(alices, alice):
    session = factories.make_session(alice)
    body = json.dumps({"session_id": session.pk, "message": QUESTION})
    answer = alices.post("/gemini/send-message/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert f"{expected()} BYN" in answer.json()["response"]


def test_page(alices, alice):
    session = factories.make_session(alice)
    alices.post(f"/gemini/chat/{session.pk}/messages/", {"content": QUESTION})
    reply = ChatMessage.objects.get(role="assistant")
    GeminiService(alice).wait(Exchange(session, reply.parent, reply))
    page = unescape(alices.get(f"/gemini/chat/{session.pk}/").content.decode())
    assert f"{expected()} BYN" in page
    assert "Данные: Курсы НБРБ" in " ".join(page.split())
    assert f"{NbrbRate.objects.get(currency='USD').rate:.4f}" in page


def test_without_an_answer_of_the_source_the_reply_still_ends_and_says_so(alice, services):
    services.nbrb.fail("html")
    session = factories.make_session(alice)
    answer = Caller(alice).post(f"chat-sessions/{session.pk}/send_message/", {"content": QUESTION})
    assert answer.status_code == 200
    assert "НБРБ сейчас не отвечает" in answer.json()["assistant_message"]["content"]
    assert not NbrbRate.objects.exists()
