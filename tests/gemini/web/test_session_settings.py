"""What differs in one chat from the user's own settings, from the form to the request that Gemini gets."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from gemini.models import ChatMessage, ChatSession
from gemini.service import GeminiService
from tests import factories

HTMX = {"HX-Request": "true"}
OWN = {"model": "gemini-2.5-flash", "temperature": "0.3", "max_output_tokens": "500", "system_instruction": "Стихами."}

pytestmark = [pytest.mark.storage]


@pytest.fixture
def session(alice):
    cache.clear()
    return factories.make_session(alice)


def url_of(session):
    return reverse("gemini:session-settings", args=[session.pk])


@pytest.mark.django_db
def test_a_chat_gets_settings_of_its_own_and_keeps_its_place_in_the_list(alices, session):
    before = session.updated_at
    response = alices.post(url_of(session), OWN)
    assert response.url == session.get_absolute_url()
    session.refresh_from_db()
    assert (session.model, session.temperature, session.max_output_tokens) == ("gemini-2.5-flash", 0.3, 500)
    assert session.updated_at == before
    page = alices.get(session.get_absolute_url()).content.decode()
    assert "gemini-2.5-flash" in page
    assert "(у чата свои настройки)" in page


@pytest.mark.django_db
def test_for_htmx_the_answer_is_the_name_in_the_head(alices, session):
    response = alices.post(url_of(session), OWN, headers=HTMX)
    assert response.content.decode().count("<") == response.content.decode().count(">")
    assert f'id="session-{session.pk}-model"' in response.content.decode()
    assert "<form" not in response.content.decode()


@pytest.mark.django_db
def test_nothing_filled_in_is_as_in_the_users_settings(alices, session):
    alices.post(url_of(session), OWN)
    alices.post(url_of(session), {**OWN, "reset": "1"})
    session.refresh_from_db()
    assert not session.has_own_settings
    page = alices.get(session.get_absolute_url()).content.decode()
    assert "gemini-flash-latest" in page
    assert "(у чата свои настройки)" not in page


@pytest.mark.django_db
def test_the_form_says_what_an_empty_field_stands_for(alices, alice, session):
    row = factories.give_key(alice, "test-key-of-alices")
    row.temperature, row.system_instruction, row.model = 1.5, "Кратко.", "gemini-pro-latest"
    row.save()
    for headers in ({}, HTMX):
        page = alices.get(url_of(session), headers=headers).content.decode()
        assert "Как в настройках — gemini-pro-latest" in page
        assert "В общих настройках: 1,5" in page
        assert "В общих настройках: Кратко." in page
        assert "В общих настройках не задано." in page
        assert ("<html" in page) == (not headers)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"temperature": "3"}, {"max_output_tokens": "0"}, {"model_name": "мо дель"}])
def test_what_is_out_of_bounds_comes_back_into_the_dialog_with_what_was_typed(alices, session, wrong):
    for headers in ({}, HTMX):
        response = alices.post(url_of(session), {**OWN, **wrong}, headers=headers)
        assert response.status_code == 422
        assert "Стихами." in response.content.decode()
        assert response.headers.get("HX-Retarget") == ("#dialog" if headers else None)
    assert not ChatSession.objects.get().has_own_settings


@pytest.mark.django_db
def test_a_strangers_list_of_models_for_it_is_an_absent_one(bobs, session):
    assert bobs.get(reverse("gemini:model-list"), {"session": session.pk}).status_code == 404
    assert bobs.get(reverse("gemini:model-list"), {"session": "х"}).status_code == 404
    assert bobs.post(url_of(session), OWN).status_code == 404
    assert not ChatSession.objects.get().has_own_settings


def request_seen(live):
    return next(entry for entry in reversed(live.log()) if "короткое название" not in entry["system"])


def seen(live):
    """The model, and the user's part of the instruction: what is said of functions comes after it."""
    entry = request_seen(live)
    return entry["model"], entry["system"].partition("\n\n")[0]


def test_its_settings_are_what_gemini_gets_and_another_chats_are_not(alice, live):
    row = factories.give_key(alice, "test-key-of-alices")
    row.system_instruction, row.model = "Кратко.", "gemini-pro-latest"
    row.save()
    service = GeminiService(alice)
    plain, own = factories.make_session(alice), factories.make_session(alice)
    service.configure_session(
        own, model="gemini-2.5-flash", temperature=0.1, max_output_tokens=10, system_instruction="Стихами."
    )
    reply = service.wait(service.send(own, "[[words 400]]")).reply
    assert seen(live) == ("gemini-2.5-flash", "Стихами.")
    assert reply.metadata["model"] == "gemini-2.5-flash"
    assert reply.metadata["finish_reason"] == "MAX_TOKENS"
    service.wait(service.send(plain, "Привет"))
    assert seen(live) == ("gemini-pro-latest", "Кратко.")
    service.generate("Привет", session=own)
    assert seen(live) == ("gemini-2.5-flash", "Стихами.")
    service.generate("Привет")
    assert request_seen(live)["model"] == "gemini-pro-latest"


def test_a_failed_reply_names_the_model_that_failed(alice, live):
    service = GeminiService(alice)
    session = factories.make_session(alice, model="fake-fail-region")
    reply = service.wait(service.send(session, "Привет")).reply
    assert (reply.error_code, reply.metadata["model"]) == ("region_unsupported", "fake-fail-region")
    service.configure_session(session, model="", temperature=None, max_output_tokens=None, system_instruction="")
    again = service.wait(service.retry(reply)).reply
    assert (again.status, again.metadata["model"]) == ("done", "gemini-flash-latest")


def test_settings_change_while_a_reply_runs_which_ends_as_it_began(alices, alice, live):
    service = GeminiService(alice)
    session = factories.make_session(alice)
    exchange = service.send(session, "[[words 60]] [[pace 0.02]]")
    assert alices.post(url_of(session), OWN, headers=HTMX).status_code == 200
    reply = service.wait(exchange).reply
    assert (reply.status, reply.metadata["model"]) == (ChatMessage.Status.DONE, "gemini-flash-latest")
    assert service.wait(service.send(session, "Ещё")).reply.metadata["model"] == "gemini-2.5-flash"


def test_the_caret_stands_in_the_first_field_or_in_the_one_that_was_refused(alices, alice):
    session = factories.make_session(alice)
    url = reverse("gemini:session-settings", args=[session.pk])
    fields = re.compile(r"<(?:input|select|textarea)[^>]*autofocus[^>]*>")
    [opened] = fields.findall(alices.get(url, headers=HTMX).text)
    assert 'name="model"' in opened
    [refused] = fields.findall(alices.post(url, {"temperature": "7"}, headers=HTMX).text)
    assert 'name="temperature"' in refused
