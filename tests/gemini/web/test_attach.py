"""Data attached by hand: chosen in small forms, carried by the composer, sent with the message, shown under it."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from gemini.models import ChatMessage, ChatSession
from gemini.service import Exchange, GeminiService
from gemini.sources import registered
from gemini.web.source_form import SourceForm
from tests import factories

HTMX = {"HX-Request": "true"}
NEW = "/gemini/chat/data/"
EUR = '{"arguments": {"currencies": ["EUR"], "date": "2026-03-04"}, "source": "nbrb_rate"}'
USD = '{"arguments": {"currencies": ["USD"]}, "source": "nbrb_rate"}'

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


def at(session):
    return reverse("gemini:data-attach", args=[session.pk])


def page_of(response) -> str:
    return unescape(response.content.decode())


def carried(response) -> list[str]:
    return re.findall(r'name="context" value="([^"]*)"', response.content.decode())


def test_the_composer_lists_the_sources_by_their_titles(alices, session):
    page = page_of(alices.get(session.get_absolute_url()))
    for source in registered().values():
        assert f'value="{source.name}"' in page
        assert str(source.title) in page


def test_a_source_that_is_picked_shows_its_form_and_keeps_what_was_attached(alices, session):
    part = alices.post(at(session), {"pick": "vacancies_search", "context": [EUR]}, headers=HTMX)
    assert part.content.lstrip().startswith(b'<div id="attach"')
    page = page_of(part)
    assert '<option value="between1And3">1–3 года</option>' in page
    assert 'name="data-page"' not in page, "what is only for the model is not asked"
    assert [unescape(text) for text in carried(part)] == [EUR]


@pytest.mark.parametrize("name", list(registered()))
def test_every_source_has_a_form_that_its_schema_takes_or_refuses_in_words(name):
    form = SourceForm(registered()[name], {})
    required = registered()[name].parameters.get("required", [])
    assert form.is_valid() == (not required)
    assert set(form.errors) == set(required)
    assert all(field.label and not field.label.isascii() for field in form.fields.values())


def test_what_is_filled_in_becomes_a_chip_and_the_address_keeps_it_for_a_reload(alices, session):
    data = {"add": "nbrb_rate", "data-currencies": "EUR", "data-date": "2026-03-04", "content": "Черновик"}
    part = alices.post(at(session), data, headers=HTMX)
    assert [unescape(text) for text in carried(part)] == [EUR]
    assert "Курсы НБРБ</b>: EUR, 2026-03-04" in page_of(part)
    assert part.headers["HX-Replace-Url"].startswith(f"{session.get_absolute_url()}?context=")
    again = alices.get(part.headers["HX-Replace-Url"])
    assert [unescape(text) for text in carried(again)] == [EUR]


def test_without_javascript_the_whole_page_comes_with_the_text_and_the_data(alices, session):
    page = alices.post(
        at(session), {"add": "nbrb_rate", "data-currencies": "EUR", "data-date": "2026-03-04", "content": "Мой текст"}
    )
    assert page.status_code == 200
    assert "Мой текст</textarea>" in page_of(page)
    assert [unescape(text) for text in carried(page)] == [EUR]
    assert not ChatMessage.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"add": "nbrb_convert", "data-amount": "5"}, "Заполните это поле."),
        ({"add": "nbrb_rate", "data-currencies": "евро"}, "тремя буквами|без них — основные"),
        ({"add": "nbrb_rate", "data-date": "2026-02-31"}, "правильную дату|Введите"),
        ({"add": "vacancies_search", "data-text": "а", "data-experience": "ten"}, "ten"),
        ({"add": "vacancies_search", "data-text": "а", "data-salary_from": "-1"}, "равно 1"),
        ({"add": "vacancies_search", "data-text": "а" * 201}, "не более 200"),
    ],
)
def test_what_the_schema_refuses_comes_back_with_the_reason(alices, session, data, words):
    for headers in ({}, HTMX):
        refused = alices.post(at(session), {**data, "content": "Текст", "context": [USD]}, headers=headers)
        assert refused.status_code == 422
        assert re.search(words, page_of(refused))
        assert [unescape(text) for text in carried(refused)] == [USD]


def test_an_unknown_source_is_refused_and_the_list_shown_again(alices, session):
    refused = alices.post(at(session), {"add": "passwords"}, headers=HTMX)
    assert refused.status_code == 422
    assert 'value="nbrb_rate"' in page_of(refused)


def test_a_fifth_is_too_many(alices, session):
    four = [USD.replace("USD", code) for code in ("USD", "EUR", "RUB", "CNY")]
    refused = alices.post(at(session), {"add": "nbrb_rate", "data-currencies": "PLN", "context": four}, headers=HTMX)
    assert refused.status_code == 422
    assert "не больше четырёх" in page_of(refused)
    assert len(carried(refused)) == 4


@pytest.mark.parametrize(
    "forged",
    [
        "{",
        "[" * 5000,
        "null",
        '{"source": "passwords", "arguments": {}}',
        '{"source": "nbrb_rate", "arguments": {"user": 1}}',
        '{"source": ["nbrb_rate"], "arguments": {}}',
        '{"source": "nbrb_convert", "arguments": {}}',
    ],
)
def test_forged_data_is_refused_with_the_message_and_kept_out_of_the_page(alices, session, forged):
    url = reverse("gemini:message-create", args=[session.pk])
    refused = alices.post(url, {"content": "Вопрос", "context": [EUR, forged]}, headers=HTMX)
    assert refused.status_code == 422
    assert "Вопрос</textarea>" in page_of(refused)
    assert [unescape(text) for text in carried(refused)] == [EUR]
    assert not ChatMessage.objects.exists()
    assert carried(alices.get(session.get_absolute_url(), {"context": forged})) == []


def test_a_refused_text_keeps_its_data(alices, session):
    for headers in ({}, HTMX):
        url = reverse("gemini:message-create", args=[session.pk])
        refused = alices.post(url, {"content": " ", "context": [EUR]}, headers=headers)
        assert refused.status_code == 422
        assert [unescape(text) for text in carried(refused)] == [EUR]


def test_strangers_nobody_and_other_methods(client, alices, bobs, session):
    assert bobs.post(at(session), {"pick": "nbrb_rate"}).status_code == 404
    assert client.post(NEW).url.startswith(reverse("account_login"))
    assert alices.get(NEW).status_code == alices.get(at(session)).status_code == 405
    assert alices.post(NEW, {"pick": "nbrb_rate"}).status_code == 200
    assert ChatSession.objects.count() == 1


@pytest.mark.usefixtures("services")
def test_what_was_attached_goes_with_the_message_and_is_shown_under_it(alices, alice, live, session):
    url = reverse("gemini:message-create", args=[session.pk])
    sent = alices.post(url, {"content": "Сравни", "context": [EUR]}, headers=HTMX)
    assert sent.status_code == 200
    assert carried(sent) == [], "the next message has data of its own"
    assert sent.headers["HX-Replace-Url"] == session.get_absolute_url()
    reply = ChatMessage.objects.get(role="assistant")
    GeminiService(alice).wait(Exchange(session, reply.parent, reply))
    [asked] = [request for request in live.log() if "Сравни" in json.dumps(request, ensure_ascii=False)][:1]
    assert "К сообщению приложены данные" in json.dumps(asked, ensure_ascii=False)
    page = " ".join(page_of(alices.get(session.get_absolute_url())).split())
    assert (
        '<span class="attached__title">Курсы НБРБ</span> <span>Валюты: EUR</span>, <span>День: 2026-03-04</span>'
        in page
    )
    assert "приложено вами" in page
    edited = alices.post(reverse("gemini:message-edit", args=[reply.parent_id]), {"content": "Иначе"})
    assert edited.status_code in (200, 302)
    assert ChatMessage.objects.get(content="Иначе").metadata["context"] == [json.loads(EUR)]
