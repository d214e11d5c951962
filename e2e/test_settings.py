import pytest
from playwright.sync_api import expect


@pytest.fixture
def settings(alice):
    alice.page.goto(f"{alice.url}/gemini/settings/")
    return alice


def test_a_saved_key_answers_from_then_on_and_is_never_shown_again(settings):
    settings.page.get_by_label("Ключ API").fill("test-alices-own-key-7777")
    settings.page.get_by_role("button", name="Сохранить").click()
    expect(settings.page.get_by_text("Настройки сохранены.")).to_be_visible()
    expect(settings.page.get_by_text("…7777")).to_be_visible()
    assert "alices-own" not in settings.page.content()
    settings.chat.begin("[[key]]")
    expect(settings.chat.finished_answer).to_contain_text("7777")


def test_the_key_test_says_that_a_key_is_refused_without_leaving_the_page(settings):
    settings.page.get_by_label("Ключ API").fill("AIza-not-a-key-of-theirs")
    settings.requests.clear()
    settings.page.get_by_role("button", name="Проверить ключ").click()
    expect(settings.page.get_by_text("Неверный API ключ")).to_be_visible()
    assert not settings.requested("document")


def test_models_are_offered_from_the_very_key_that_was_tested(settings):
    settings.page.get_by_label("Ключ API").fill("test-0123456789-abcd")
    settings.page.get_by_role("button", name="Проверить ключ").click()
    expect(settings.page.get_by_text("успешно установлено")).to_be_visible()
    assert settings.page.locator("#models option[value='gemini-pro-latest']").count() == 1


def test_a_key_with_cyrillic_in_it_is_refused_beside_the_field(settings):
    settings.page.get_by_label("Ключ API").fill("ключ")
    settings.page.get_by_role("button", name="Сохранить").click()
    expect(settings.page.get_by_text("Ключ состоит из латинских букв")).to_be_visible()
    settings.forgive("422")
