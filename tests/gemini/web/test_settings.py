"""The settings of Gemini: what a key test says, and the models of the very key."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from gemini.models import GeminiCall, GeminiSettings
from tests import factories

HTMX = {"HX-Request": "true"}
KEY = "test-a-key-that-works-1234"

pytestmark = [pytest.mark.storage]


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def test_of(alices, live):
    """The words of a test of this key with this model."""

    def test(key=KEY, model="", **headers):
        data = {"api_key": key, "model": "", "model_name": model}
        response = alices.post(reverse("gemini:key-test"), data, headers={**HTMX, **headers})
        assert response.status_code == 200
        page = " ".join(response.content.decode().split())
        assert key not in page
        return page

    return test


def test_a_key_that_works_says_which_model_answered_and_how_quickly(test_of):
    page = test_of()
    assert "verdict--ok" in page
    assert "Подключение к Gemini API успешно установлено" in page
    # Of how long it took only the form: a busy machine takes its time.
    assert re.search(r"Модель gemini-flash-latest ответила за \d+,\d с\.", page)


@pytest.mark.parametrize(
    ("model", "kind", "words"),
    [
        ("fake-fail-region", "bad", "недоступен из региона, в котором работает сервер"),
        ("fake-fail-leaked", "bad", "Неверный API ключ"),
        ("gemini-nope", "warning", "Модель gemini-nope недоступна: её нет, или ключ не даёт к ней доступа."),
        ("gemini-nope", "warning", "Ключ принят: выберите модель из его списка."),
        ("fake-fail-503", "warning", "Ключ принят, но ответа сейчас не было."),
        ("fake-fail-empty", "warning", "Gemini вернул пустой ответ."),
    ],
)
def test_a_key_test_says_what_is_wrong_and_what_to_do(test_of, model, kind, words):
    page = test_of(model=model)
    assert f"verdict--{kind}" in page
    assert words in page


def test_a_refused_key_is_refused_and_leaves_the_list_alone(test_of):
    page = test_of("AIza-not-a-key-of-theirs")
    assert "Неверный API ключ" in page
    assert "проверьте, что он скопирован целиком" in page
    assert "model-choice" not in page


def test_a_used_up_quota_says_until_when(test_of):
    page = test_of(model="fake-fail-429-day")
    assert "Ключ принят. Квота вернётся" in page
    returns = timezone.localtime() + timezone.timedelta(seconds=52_758 + 59)
    assert f"в {returns:%H:%M}</time>" in page or f"в {returns - timezone.timedelta(minutes=1):%H:%M}</time>" in page
    assert ("сегодня" in page) == (returns.date() == timezone.localdate())


def test_a_quota_of_a_minute_is_told_to_the_second_and_not_waited_for(test_of):
    began = timezone.now()
    page = test_of(model="fake-fail-429")
    assert (timezone.now() - began).total_seconds() < 5, "the test tries once"
    assert "Квота вернётся <time" in page
    assert "сегодня в" in page


def test_what_is_typed_wrongly_is_said_before_anybody_is_asked(test_of, live):
    assert "Ключ состоит из латинских букв" in test_of("ключ-от-квартиры")
    assert "Имя модели состоит из латинских букв" in test_of(model="модель")
    assert not live.log()


def test_a_key_test_is_billed_and_saves_nothing(test_of):
    test_of()
    assert not GeminiSettings.objects.exists()
    assert GeminiCall.objects.get().purpose == "check"


def test_as_a_page_the_test_shows_the_settings_with_the_models_of_that_key(alices, live):
    response = alices.post(reverse("gemini:key-test"), {"api_key": KEY, "temperature": "0.7"})
    page = response.content.decode()
    assert "успешно установлено" in page
    assert 'value="gemini-pro-latest"' in page
    assert 'value="0.7"' in page, "what was typed stays"
    assert KEY not in page


def test_the_page_waits_for_nobody_and_lets_the_list_come_later(alices, live):
    page = alices.get(reverse("gemini:settings")).content.decode()
    assert 'hx-trigger="load"' in page
    assert not [entry for entry in live.log() if entry["method"] == "models"]
    fragment = alices.get(reverse("gemini:model-list"), headers=HTMX).content.decode()
    assert "Вашему ключу доступно 6 моделей." in " ".join(fragment.split())
    assert '<option value="gemini-pro-latest">' in fragment
    assert "gemini-embedding-001" not in fragment
    assert "<html" not in fragment
    page = alices.get(reverse("gemini:settings")).content.decode()
    assert 'hx-trigger="load"' not in page, "the list is remembered"
    assert '<option value="gemini-pro-latest">' in page


def test_without_javascript_the_list_comes_with_the_whole_page(alices, live):
    page = alices.get(reverse("gemini:model-list")).content.decode()
    assert "<html" in page
    assert '<option value="gemini-pro-latest">' in page


def test_a_list_is_remembered_for_its_own_key_only(alices, bobs, alice, bob, live):
    factories.give_key(alice, KEY)
    alices.get(reverse("gemini:model-list"), headers=HTMX)
    assert 'hx-trigger="load"' in bobs.get(reverse("gemini:settings")).content.decode()
    factories.give_key(bob, KEY)
    assert 'hx-trigger="load"' not in bobs.get(reverse("gemini:settings")).content.decode()
    assert KEY not in str(list(cache._cache))


def test_a_list_that_cannot_be_had_says_why_and_the_name_is_typed_and_saved(alices, alice, live):
    factories.give_key(alice, "AIza-refused")
    fragment = " ".join(alices.get(reverse("gemini:model-list"), headers=HTMX).content.decode().split())
    assert "Список моделей не получен: Неверный API ключ. Имя можно ввести самому." in fragment
    assert '<details class="model-choice__typed" open>' in fragment
    alices.post(reverse("gemini:settings"), {"model": "", "model_name": "models/gemini-alias-of-mine"})
    assert GeminiSettings.objects.get(user=alice).model == "gemini-alias-of-mine"
    page = alices.get(reverse("gemini:settings")).content.decode()
    assert '<option value="gemini-alias-of-mine" selected>' in page


def test_what_is_being_chosen_survives_the_arrival_of_the_list(alices, alice, live):
    url = reverse("gemini:model-list")
    fragment = alices.get(url, {"model": "gemini-2.5-flash", "model_name": ""}, headers=HTMX).content.decode()
    assert '<option value="gemini-2.5-flash" selected>' in fragment
    assert "Думает по бюджету токенов, как Gemini 2.5." in fragment
    fragment = alices.get(url, {"model": "", "model_name": "gemini-3-flash-preview"}, headers=HTMX).content.decode()
    assert "Думает по уровням, как Gemini 3" in fragment
    assert "65\u00a0536" in fragment
    assert "Температуру может не учитывать" in fragment


def test_a_length_beyond_the_models_own_is_refused(alices, alice, live):
    cache.set("gemini:limits:gemini-small", (1_000, 8_192))
    data = {"model": "", "model_name": "gemini-small", "max_output_tokens": "9000"}
    response = alices.post(reverse("gemini:settings"), data)
    assert response.status_code == 422
    assert "Эта модель даёт не больше 8192 токенов." in response.content.decode()


@pytest.mark.django_db
def test_a_page_of_settings_costs_few_queries(alices, django_assert_max_num_queries):
    alices.get(reverse("gemini:settings"))
    with django_assert_max_num_queries(5):
        alices.get(reverse("gemini:settings"))
