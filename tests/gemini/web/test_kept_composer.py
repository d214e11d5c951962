"""The composer is drawn once for all chats, and shows each its own number, key and token."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gemini.templatetags import gemini_attach
from gemini.web import kept_composer, marks
from tests import factories

pytestmark = pytest.mark.django_db

MARKS = (str(marks.NUMBER), marks.FRESH_KEY, marks.CSRF_TOKEN)


@pytest.fixture(autouse=True)
def nothing_kept():
    kept_composer._kept.clear()


def composer_of(page):
    begins = page.index('<form id="composer"')
    return page[begins : page.index("</form>", begins)]


def value_of(name, html):
    return re.findall(rf'name="{name}" value="([^"]+)"', html)[0]


def made_equal(html):
    """Without what no two pages have in common."""
    for name in ("csrfmiddlewaretoken", "idempotency_key"):
        html = html.replace(value_of(name, html), name)
    return html


def test_each_chat_has_a_composer_with_its_own_number(alices, alice, bobs, bob):
    for client, user in ((alices, alice), (alices, alice), (bobs, bob)):
        session = factories.make_session(user, "Курсы")
        page = client.get(session.get_absolute_url()).text
        number, composer = str(session.pk), composer_of(page)
        assert set(re.findall(r"/gemini/chat/(\d+)/|\?chat=(\d+)", composer)) == {(number, ""), ("", number)}
        assert f'data-draft="{user.pk} {number}"' in composer
        assert not any(mark in page for mark in MARKS)


def test_what_is_kept_is_what_would_be_drawn(alices, alice, monkeypatch):
    session = factories.make_session(alice, "Курсы")
    for url in (session.get_absolute_url(), reverse("gemini:chat-create")):
        alices.get(url)
        kept = made_equal(composer_of(alices.get(url).text))
        with monkeypatch.context() as patched:
            patched.setattr(kept_composer, "empty", kept_composer.draw)
            assert kept == made_equal(composer_of(alices.get(url).text))


def test_each_page_has_a_key_and_a_token_of_its_own(alices, alice):
    url = factories.make_session(alice, "Курсы").get_absolute_url()
    composers = [composer_of(alices.get(url).text) for _ in range(3)]
    for name in ("csrfmiddlewaretoken", "idempotency_key"):
        assert len({value_of(name, composer) for composer in composers}) == 3


def test_the_token_of_a_kept_composer_is_taken(client_of, alice):
    client = client_of(alice)
    client.handler.enforce_csrf_checks = True
    session = factories.make_session(alice, "Курсы")
    for _ in range(2):
        composer = composer_of(client.get(session.get_absolute_url()).text)
        token = value_of("csrfmiddlewaretoken", composer)
        url = reverse("gemini:message-create", args=[session.pk])
        assert client.post(url, {"content": "", "csrfmiddlewaretoken": token}).status_code == 422
    assert client.post(url, {"content": "", "csrfmiddlewaretoken": marks.CSRF_TOKEN}).status_code == 403


def test_a_key_that_a_form_brings_back_is_escaped(alices, alice):
    session = factories.make_session(alice, "Курсы")
    url = reverse("gemini:data-attach", args=[session.pk])
    page = alices.post(url, {"idempotency_key": f'"><b>{marks.NUMBER}</b>'}).text
    assert f'value="&quot;&gt;&lt;b&gt;{marks.NUMBER}&lt;/b&gt;"' in composer_of(page)
    assert "<b>" not in composer_of(page)


def test_it_is_drawn_for_the_first_chat_only(alices, alice, monkeypatch):
    drawn = []
    listed = gemini_attach.registered
    monkeypatch.setattr(gemini_attach, "registered", lambda: drawn.append(1) or listed())
    for _ in range(3):
        assert "attach__sources" in alices.get(factories.make_session(alice, "Курсы").get_absolute_url()).text
    assert drawn == [1]


def test_one_with_something_in_it_is_not_kept(alices, alice):
    empty, filled = reverse("gemini:chat-create"), factories.make_prompt(alice, "Приветствие", "Поздравь коллегу")
    assert "Поздравь коллегу" in composer_of(alices.get(empty, {"prompt": filled.pk}).text)
    assert "Поздравь" not in composer_of(alices.get(empty).text)
    assert "Поздравь коллегу" in composer_of(alices.get(empty, {"prompt": filled.pk}).text)


def test_a_reply_of_which_nothing_has_come_has_its_own_number_and_token(alices, alice):
    tokens = set()
    for _ in range(2):
        session = factories.make_session(alice, "Курсы")
        soon = timezone.now() + timedelta(seconds=20)
        reply = factories.make_reply(session, "", status="generating", lease_until=soon)
        page = alices.get(session.get_absolute_url()).text
        assert f'id="message-{reply.pk}"' in page
        assert reverse("gemini:reply-stream", args=[reply.pk]) in page
        assert reverse("gemini:reply-stop", args=[reply.pk]) in page
        assert not any(mark in page for mark in MARKS)
        tokens.add(
            value_of("csrfmiddlewaretoken", page[page.index('<form id="stop"') : page.index('<form id="composer"')])
        )
    assert len(tokens) == 2
