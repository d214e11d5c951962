"""The prompts that a user keeps: the library, the list over the composer, and the way into a chat."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError
from django.urls import reverse

from gemini.exceptions import TooManyPrompts
from gemini.models import ChatSession, PromptTemplate
from gemini.service import GeminiService, preferences
from tests import factories

HTMX = {"HX-Request": "true"}

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def prompt(alice):
    return factories.make_prompt(alice)


def url(name, *arguments, **query):
    return reverse(f"gemini:prompt-{name}", args=arguments, query=query)


def composer_of(response):
    page = response.content.decode()
    [text] = re.findall(r"<textarea[^>]*name=\"content\"[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    return text


def test_a_prompt_is_made_changed_and_deleted(alices, alice):
    data = {"name": "  Перевод   на ", "text": "Переведи {текст}\r\nна {язык}"}
    assert alices.post(url("create"), data).url == url("list")
    prompt = PromptTemplate.objects.get(user=alice)
    assert (prompt.name, prompt.text) == ("Перевод на", "Переведи {текст}\nна {язык}")
    alices.post(url("edit", prompt.pk), {"name": "Перевод на", "text": "Иначе"})
    prompt.refresh_from_db()
    assert prompt.text == "Иначе"
    assert "Удалить заготовку «Перевод на»?" in alices.get(url("delete", prompt.pk)).content.decode()
    assert alices.post(url("delete", prompt.pk)).url == url("list")
    assert not PromptTemplate.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "text": "т"}, "Обязательное поле."),
        ({"name": "н", "text": "  "}, "Обязательное поле."),
        ({"name": "н" * 61, "text": "т"}, "не более 60"),
        ({"name": "н", "text": "т" * 8001}, "не более 8000"),
        ({"name": "Перевод", "text": "т"}, "Заготовка с таким названием уже есть."),
        ({"name": "н", "text": " ".join(f"{{п{n}}}" for n in range(13))}, "Пропусков может быть не больше 12."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_reason(alices, prompt, data, words):
    response = alices.post(url("create"), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert PromptTemplate.objects.count() == 1


def test_names_are_ones_own_business(bobs, bob, prompt):
    assert bobs.post(url("create"), {"name": prompt.name, "text": "Моё"}).status_code == 302
    assert PromptTemplate.objects.get(user=bob).text == "Моё"


def test_of_two_quick_requests_with_one_name_the_second_is_told(alice, prompt):
    with pytest.raises(IntegrityError):
        GeminiService(alice).keep_prompt(PromptTemplate(name=prompt.name, text="т"))


def test_there_is_a_limit_and_it_is_said(alices, alice, prompt, monkeypatch):
    monkeypatch.setattr(preferences, "MAX_PROMPTS", 1)
    response = alices.post(url("create"), {"name": "Второй", "text": "т"})
    assert response.status_code == 422
    assert "Заготовок может быть не больше 1" in response.content.decode()
    with pytest.raises(TooManyPrompts):
        GeminiService(alice).keep_prompt(PromptTemplate(name="Третий", text="т"))
    assert alices.post(url("edit", prompt.pk), {"name": "Первый", "text": "т"}).status_code == 302


def test_a_stranger_sees_uses_and_changes_none_of_it(bobs, prompt):
    for name in ("edit", "delete", "use"):
        assert bobs.get(url(name, prompt.pk)).status_code == 404
        assert bobs.post(url(name, prompt.pk), {"name": "Моё", "text": "Моё"}).status_code == 404
    assert bobs.get(reverse("gemini:chat-create"), {"prompt": prompt.pk}).status_code == 404
    for page in (bobs.get(url("list")), bobs.get(url("choose"), headers=HTMX)):
        assert prompt.name not in page.content.decode()
    prompt.refresh_from_db()
    assert prompt.name == "Перевод"


def test_anothers_chat_is_no_place_to_put_a_prompt(bobs, bob, alice):
    theirs, mine = factories.make_session(alice), factories.make_prompt(bob)
    for path in (url("list", chat=theirs.pk), url("choose", chat=theirs.pk), url("use", mine.pk, chat=theirs.pk)):
        assert bobs.get(path).status_code == 404


def test_the_list_over_the_composer_holds_no_whole_texts(alices, alice, django_assert_num_queries):
    session = factories.make_session(alice)
    for number in range(30):
        factories.make_prompt(alice, f"Заготовка {number:02}", "очень длинный текст " * 400)
    alices.get(url("choose"), headers=HTMX)
    with django_assert_num_queries(4):
        response = alices.get(url("choose", chat=session.pk), headers=HTMX)
    page = response.content.decode()
    assert page.count('role="option"') == 30
    assert f"use/?chat={session.pk}" in page
    assert len(response.content) < 40_000
    assert "HX-Request" in response.headers["Vary"]
    assert alices.get(url("choose", chat=session.pk)).url == url("list", chat=session.pk)


def test_without_gaps_the_text_goes_straight_into_the_composer(alices, alice):
    prompt = factories.make_prompt(alice, "Пожелание", "\nПоздравь <b>коллегу</b>")
    leads = alices.get(url("use", prompt.pk))
    assert leads.url == f"{reverse('gemini:chat-create')}?prompt={prompt.pk}"
    assert composer_of(alices.get(leads.url)) == "\nПоздравь &lt;b&gt;коллегу&lt;/b&gt;"
    fragment = alices.get(url("use", prompt.pk), headers=HTMX)
    assert fragment.headers["HX-Retarget"] == "#prompt-choices"
    assert "data-fill" in fragment.content.decode()


def test_gaps_are_asked_for_and_the_filled_text_has_a_url_of_its_own(alices, alice, prompt):
    session = factories.make_session(alice)
    for headers in ({}, HTMX):
        form = alices.get(url("use", prompt.pk, chat=session.pk), headers=headers).content.decode()
        assert ">Текст</label>" in form
        assert ">Язык</label>" in form
    leads = alices.post(url("use", prompt.pk, chat=session.pk), {"gap1": "привет {язык}", "gap2": "чешский"})
    assert urlsplit(leads.url).path == session.get_absolute_url()
    assert parse_qs(urlsplit(leads.url).query)["gap2"] == ["чешский"]
    assert composer_of(alices.get(leads.url)) == "Переведи привет {язык} на чешский"


def test_a_gap_that_is_left_empty_stays_to_be_filled_by_hand(alices, prompt):
    page = alices.post(url("use", prompt.pk), {"gap1": "", "gap2": "чешский"}, headers=HTMX).content.decode()
    assert "Переведи {текст} на чешский" in page


def test_a_text_too_long_for_a_url_comes_at_once(alices, alice, prompt):
    session = factories.make_session(alice)
    long = "длинно " * 3000
    response = alices.post(url("use", prompt.pk, chat=session.pk), {"gap1": long, "gap2": "чешский"})
    assert response.status_code == 200
    assert composer_of(response) == f"Переведи {long.strip()} на чешский"
    refused = alices.post(url("use", prompt.pk), {"gap1": "д" * 32_001}, headers=HTMX)
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#dialog")


def test_using_a_prompt_sends_and_stores_nothing(alices, prompt):
    alices.post(url("use", prompt.pk), {"gap1": "а", "gap2": "б"})
    alices.get(reverse("gemini:chat-create"), {"prompt": prompt.pk, "gap1": "а"})
    assert not ChatSession.objects.exists()


@pytest.mark.parametrize("number", ["", "х", "-1", "1.5", "²"])
def test_a_url_that_names_no_prompt_is_an_empty_composer(alices, number):
    assert composer_of(alices.get(reverse("gemini:chat-create"), {"prompt": number})) == ""


def test_the_composer_leads_to_the_library_also_without_javascript(alices, alice, prompt):
    session = factories.make_session(alice)
    page = alices.get(session.get_absolute_url()).content.decode()
    assert f'href="{url("list", chat=session.pk)}"' in page
    library = alices.get(url("list", chat=session.pk)).content.decode()
    assert f'href="{url("use", prompt.pk, chat=session.pk)}"' in library
