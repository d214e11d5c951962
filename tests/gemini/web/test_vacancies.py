"""The page of vacancies: what is found, what it pays, who is asked, and the found set as data of a new chat."""

import json
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from gemini.models import ChatMessage, ChatSession
from gemini.service import Exchange, GeminiService
from gemini.sources import hh, http

HTMX = {"HX-Request": "true"}
URL = "/gemini/vacancies/"
SEARCH = {"text": "python", "area": "Минск"}

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.5)
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(hh, "PACE", 0)


def text(response) -> str:
    words = unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u00a0", " ")
    return " ".join(words.split())


def hidden(response) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    }


def test_before_a_search_nothing_is_asked(alices, services):
    page = alices.get(URL)
    assert page.status_code == 200
    assert "Какую работу искать?" in text(page)
    assert not services.hh.log()


def test_what_is_found_leads_to_the_site_and_names_who_was_asked(alices, services):
    page = alices.get(URL, SEARCH)
    body = page.content.decode()
    assert re.search(r"Найдено: \d+, Минск\. Ищет HH\.ru\. Данные учебные", text(page))
    links = re.findall(
        r'<a href="(https://rabota\.by/vacancy/\d+)" rel="noopener noreferrer nofollow" target="_blank">', body
    )
    assert len(links) == 20
    assert re.search(r"от [\d ]+ BYN за месяц, (на руки|до вычета налога)", text(page))


def test_the_address_pages_through_what_is_found(alices, services):
    first, second = alices.get(URL, SEARCH), alices.get(URL, {**SEARCH, "page": "2"})
    assert 'rel="next"' in first.content.decode()
    assert "page=2" in first.content.decode()
    assert set(re.findall(r"vacancy/\d+", first.content.decode())).isdisjoint(
        re.findall(r"vacancy/\d+", second.content.decode())
    )
    assert "2 из" in text(second)


def test_filters_are_asked_of_the_provider(alices, services):
    alices.get(
        URL,
        {**SEARCH, "experience": "between1And3", "salary_from": "3000", "currency": "BYN", "only_with_salary": "on"},
    )
    asked = dict(services.hh.log()[-1]["query"])
    assert asked["experience"] == "between1And3"
    assert (asked["salary"], asked["currency"], asked["label"]) == ("3000", "BYR", "with_salary")


def test_pay_is_told_by_groups_that_may_be_compared(alices, services):
    page = alices.get(URL, {**SEARCH, "insight": "1"})
    kinds = re.findall(r'<th scope="row">([^<]+)</th>', page.content.decode())
    assert len(kinds) == len(set(kinds)) > 3
    assert all(re.fullmatch(r"[A-Z]{3}, за \w+, (на руки|до вычета налога|налог не указан)", kind) for kind in kinds)
    assert {"BYN, за месяц, на руки", "BYN, за месяц, до вычета налога"} <= set(kinds)


def test_what_takes_longer_comes_by_itself_or_by_a_link(alices, services):
    page = alices.get(URL, SEARCH).content.decode()
    [address] = set(re.findall(r'href="(\?[^"]*insight=1)"', page))
    assert f'hx-get="{address}" hx-trigger="load"' in page
    part = alices.get(URL + unescape(address), headers={**HTMX, "HX-Target": "vacancies-insight"})
    assert part.content.lstrip().startswith(b'<div id="vacancies-insight"')
    assert b"hx-trigger" not in part.content, "it asks once"
    assert "HX-Target" in part.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"text": ""}, "Напишите, какую работу искать."),
        ({"text": "а" * 201}, "не более 200"),
        ({"text": "а", "experience": "ten"}, "ten"),
        ({"text": "а", "salary_from": "0"}, "равно 1"),
        ({"text": "а", "page": "101"}, ""),
        ({"area": "Минск"}, "Напишите, какую работу искать."),
    ],
)
def test_what_makes_no_sense_is_said_and_nobody_is_asked(alices, services, query, words):
    for headers in ({}, {**HTMX, "HX-Target": "vacancies-found"}):
        page = alices.get(URL, query, headers=headers)
        assert page.status_code == 422
        assert words in text(page)
    assert not services.hh.log()


def test_what_is_not_configured_is_said_with_what_to_do(alices, services, settings):
    settings.HH_ACCESS_TOKEN = ""
    page = alices.get(URL, SEARCH)
    assert page.status_code == 200
    assert "Администратору: зарегистрируйте приложение на dev.hh.ru/admin" in text(page)
    assert "AI-анализ" not in text(page)
    settings.VACANCY_PROVIDER = "none"
    assert "Поиск вакансий выключен администратором сервера." in text(alices.get(URL, SEARCH))


def test_the_other_provider_is_named(alices, services, settings):
    settings.VACANCY_PROVIDER = "trudvsem"
    assert "Ищет Работа России." in text(alices.get(URL, {"text": "python"}))
    assert "«Работа России» ищет по всей России" in text(alices.get(URL, SEARCH))


@pytest.mark.parametrize("kind", ["down", "html", "malformed", "429", "captcha"])
def test_a_silent_provider_is_said(alices, services, kind):
    services.hh.fail(kind)
    page = alices.get(URL, {**SEARCH, "insight": "1"})
    assert page.status_code == 200
    assert re.search("не отвечает|просит подождать|просит подтвердить", text(page))
    assert "AI-анализ" not in text(page)


def test_what_was_found_before_is_shown_as_old(alices, services, monkeypatch):
    alices.get(URL, SEARCH)
    monkeypatch.setattr(hh, "SEARCH_FRESH", 0)
    services.hh.fail("html")
    page = text(alices.get(URL, SEARCH))
    assert "HH.ru сейчас не отвечает: вот что было найдено раньше." in page
    assert "Python-разработчик" in page


def test_the_found_set_goes_into_a_new_chat_letter_by_letter_as_it_was_shown(alices, alice, services, live):
    page = alices.get(URL, {**SEARCH, "page": "2", "insight": "1"})
    shown = [
        unescape(one)
        for one in re.findall(r'<pre class="sent__text"[^>]*>(.*?)</pre>', page.content.decode(), re.DOTALL)
    ]
    assert len(shown) == 2
    data = {**hidden(page), "content": "Разбери"}
    sent = alices.post(URL, data)
    session = ChatSession.objects.get(user=alice)
    assert sent.url == session.get_absolute_url()
    assert alices.post(URL, data).url == sent.url, "sent twice it is one chat"
    reply = ChatMessage.objects.get(role="assistant")
    GeminiService(alice).wait(Exchange(session, reply.parent, reply))
    asked = json.dumps(live.log(), ensure_ascii=False)
    for part in shown:
        assert json.dumps(part, ensure_ascii=False)[1:-1] in asked
    chat = text(alices.get(sent.url))
    assert "Вакансии Запрос: python , Регион: Минск" in chat
    assert "приложено вами" in chat


def test_an_empty_question_is_refused_with_the_search_kept(alices, services):
    for data in ({**SEARCH, "content": " "}, {"content": "Разбери"}):
        refused = alices.post(URL, data)
        assert refused.status_code == 422
    assert "не может быть пустым" in text(alices.post(URL, {**SEARCH, "content": " "}))
    assert not ChatSession.objects.exists()


def test_nobody_and_other_methods(client, alices):
    cache.clear()
    assert client.get(URL).url == f"{reverse('account_login')}?next={URL}"
    assert client.post(URL, {**SEARCH, "content": "а"}).url.startswith(reverse("account_login"))
    assert alices.put(URL).status_code == 405
