"""Asking again over the pages: with htmx what changes in the list, without it the chat at the right place."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gemini.models import ChatMessage
from gemini.replies import runtime
from tests import factories
from tests.processes import wait_until

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


@pytest.fixture
def question(session):
    return factories.make_message(session, "[[echo]] вопрос")


@pytest.fixture
def answer(session, question):
    return factories.make_reply(session, "ответ", parent=question)


def url(name, message):
    return reverse(f"gemini:{name}", args=[message.pk])


def ended():
    wait_until(lambda: not runtime.live)


def ids_in(response):
    return [int(pk) for pk in re.findall(r'<li id="message-(\d+)"', response.content.decode())]


def test_an_answer_asked_for_again_takes_its_place_and_that_of_all_that_followed(alices, answer, live):
    factories.make_message(answer.session, "дальше", parent=answer)
    response = alices.post(url("reply-regenerate", answer), headers=HTMX)
    new = ChatMessage.objects.generating().get()
    assert response.headers["X-From-Here"] == "1"
    assert ids_in(response) == [new.pk]
    assert f'sse-connect="/gemini/messages/{new.pk}/stream/"' in response.content.decode()
    ended()
    page = alices.get(answer.session.get_absolute_url()).content.decode()
    assert "дальше" not in page
    assert "2/2" in page


def test_without_javascript_it_leads_to_the_new_answer(alices, answer, live):
    response = alices.post(url("reply-regenerate", answer))
    new = ChatMessage.objects.latest("pk")
    assert response.url == f"{answer.session.get_absolute_url()}?message={new.pk}#message-{new.pk}"
    ended()


def test_an_edited_question_comes_with_its_reply(alices, question, answer, live):
    form = alices.get(url("message-edit", question), headers=HTMX).content.decode()
    assert ">\n[[echo]] вопрос</textarea>" in form
    response = alices.post(url("message-edit", question), {"content": "[[echo]] иначе"}, headers=HTMX)
    new = ChatMessage.objects.filter(role="user").latest("pk")
    assert (new.content, new.parent) == ("[[echo]] иначе", None)
    assert ids_in(response)[0] == new.pk
    assert len(ids_in(response)) == 2
    ended()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_edit_that_is_refused_keeps_what_was_typed(alices, question, answer, headers):
    response = alices.post(url("message-edit", question), {"content": "я" * 32_001}, headers=headers)
    assert response.status_code == 422
    assert "я" * 32_001 in response.content.decode()
    lease = timezone.now() + timedelta(seconds=10)
    factories.make_reply(question.session, status="generating", lease_until=lease)
    response = alices.post(url("message-edit", question), {"content": "новое"}, headers=headers)
    assert response.status_code == 409
    assert "новое</textarea>" in response.content.decode()
    assert "Предыдущий ответ ещё пишется." in response.content.decode()


def test_an_edit_sent_twice_is_one_edit(alices, question, answer, live):
    for _ in range(2):
        sent = {"content": "[[echo]] иначе", "idempotency_key": "k"}
        assert alices.post(url("message-edit", question), sent, headers=HTMX).status_code == 200
        ended()
    assert question.session.messages.count() == 4


def test_an_answer_is_not_edited(alices, answer):
    assert alices.get(url("message-edit", answer), headers=HTMX).status_code == 409
    assert alices.post(url("message-edit", answer), {"content": "подделка"}).status_code == 302
    answer.refresh_from_db()
    assert answer.content == "ответ"


def test_a_variant_is_turned_to_and_the_focus_stays_on_the_arrow(alices, question, answer):
    older = factories.make_reply(answer.session, "прежний", parent=question, shown=False)
    response = alices.post(url("message-show", older), {"turned": "next"}, headers=HTMX)
    html = response.content.decode()
    assert ids_in(response) == [older.pk]
    assert re.search(r'value="previous"[^>]*\bautofocus', html), "there is no next one"
    assert not re.search(r'value="next"[^>]*\bautofocus', html)
    assert alices.post(url("message-show", answer)).url.endswith(f"#message-{answer.pk}")


def test_while_an_answer_runs_nothing_turns_and_the_page_says_why(alices, question, answer):
    older = factories.make_reply(answer.session, "прежний", parent=question, shown=False)
    lease = timezone.now() + timedelta(seconds=10)
    factories.make_reply(answer.session, status="generating", lease_until=lease)
    for name, message in (("message-show", older), ("reply-regenerate", answer), ("reply-continue", answer)):
        response = alices.post(url(name, message), headers=HTMX)
        assert (response.status_code, response.headers["HX-Retarget"]) == (409, "#toasts"), name
        assert "Предыдущий ответ ещё пишется." in response.content.decode()
        assert alices.post(url(name, message), follow=True).content.decode().count("Предыдущий ответ ещё пишется.") == 1
    older.refresh_from_db()
    assert not older.shown


def test_a_restart_is_announced_as_such(alices, answer, monkeypatch):
    monkeypatch.setattr(runtime, "draining", True)
    assert alices.post(url("reply-regenerate", answer), headers=HTMX).status_code == 503


def test_the_source_of_a_message_is_plain_text_at_its_own_address(alices, bobs, session):
    source = "**жирно** <b>&amp;</b>\n\n    код"
    message = factories.make_reply(session, source)
    response = alices.get(url("message-text", message))
    assert response.content.decode() == source
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert bobs.get(url("message-text", message)).status_code == 404


def test_a_message_as_a_page_is_its_place_in_the_chat(alices, answer):
    response = alices.get(url("message", answer))
    assert response.url == f"{answer.session.get_absolute_url()}?message={answer.pk}#message-{answer.pk}"
    assert ids_in(alices.get(url("message", answer), headers=HTMX)) == [answer.pk]


def test_a_link_to_a_message_of_another_branch_says_so_and_leads_there(alices, question, answer):
    hidden = factories.make_reply(answer.session, "прежний", parent=question, shown=False)
    page = alices.get(f"{answer.session.get_absolute_url()}?message={hidden.pk}").content.decode()
    assert "осталось в другой ветке" in page
    assert f'formaction="{url("message-show", hidden)}"' in page
    other = factories.make_message(factories.make_session(answer.session.user), "чужой чат")
    page = alices.get(f"{answer.session.get_absolute_url()}?message={other.pk}").content.decode()
    assert "осталось в другой ветке" not in page
