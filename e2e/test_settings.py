import pytest
from playwright.sync_api import expect

from e2e.settings_pages import ChatSettings, SettingsPage


@pytest.fixture
def settings(alice):
    page = SettingsPage(alice.page, alice.url)
    page.open()
    return page


def test_a_saved_key_answers_from_then_on_and_is_never_shown_again(alice, settings):
    settings.key.fill("test-alices-own-key-7777")
    settings.save()
    expect(alice.page.get_by_text("Настройки сохранены.")).to_be_visible()
    expect(alice.page.get_by_text("…7777")).to_be_visible()
    assert "alices-own" not in alice.page.content()
    alice.chat.begin("[[key]]")
    expect(alice.chat.finished_answer).to_contain_text("7777")


def test_the_key_test_says_that_a_key_is_refused_without_leaving_the_page(alice, settings):
    settings.key.fill("AIza-not-a-key-of-theirs")
    expect(settings.model.get_by_role("option")).not_to_have_count(1)
    alice.requests.clear()
    settings.test_key()
    expect(settings.verdict).to_contain_text("Неверный API ключ")
    assert not alice.requested("document")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("fake-fail-429-day", "Ключ принят. Квота вернётся"),
        ("fake-fail-region", "недоступен из региона"),
        ("gemini-nope", "Ключ принят: выберите модель из его списка."),
    ],
)
def test_the_key_test_tells_reasons_apart(settings, model, words):
    settings.key.fill("test-0123456789-abcd")
    settings.name_model(model)
    settings.test_key()
    expect(settings.verdict).to_contain_text(words)


def test_models_are_offered_from_the_very_key_and_what_applies_is_said(alice, settings):
    expect(settings.model.get_by_role("option", name="Gemini 2.5 Flash")).to_have_count(1)
    alice.requests.clear()
    settings.model.select_option("gemini-2.5-flash")
    expect(settings.facts).to_contain_text("Думает по бюджету токенов")
    expect(settings.facts).to_contain_text("65 536")
    assert not alice.requested("document")
    settings.save()
    expect(settings.model).to_have_value("gemini-2.5-flash")


def test_no_request_but_the_posts_carries_the_key(alice, settings):
    settings.key.fill("test-0123456789-abcd")
    settings.model.select_option("gemini-2.5-flash")
    expect(settings.facts).to_contain_text("gemini-2.5-flash")
    alice.page.get_by_role("link", name="Обновить список").click()
    expect(settings.model).to_have_value("gemini-2.5-flash")
    expect(settings.key).to_have_value("test-0123456789-abcd")
    assert not [request for request in alice.requests if "0123456789" in request]


def test_enter_in_a_field_saves_and_does_not_test_the_key(alice, settings):
    alice.page.get_by_label("Температура").fill("0.5")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_text("Настройки сохранены.")).to_be_visible()
    expect(alice.page.get_by_label("Температура")).to_have_value("0.5")


def test_a_key_with_cyrillic_in_it_is_refused_beside_the_field(alice, settings):
    settings.key.fill("ключ")
    settings.save()
    expect(alice.page.get_by_text("Ключ состоит из латинских букв")).to_be_visible()
    alice.forgive("422")


def test_a_chat_gets_a_model_of_its_own_from_its_head_with_the_keyboard_alone(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.requests.clear()
    own = ChatSettings(alice.page)
    own.opener.focus()
    alice.page.keyboard.press("Enter")
    expect(own.dialog.get_by_label("Модель", exact=True)).to_be_focused()
    own.dialog.get_by_label("Модель", exact=True).select_option("gemini-2.5-flash")
    own.dialog.get_by_label("Температура").fill("7")
    alice.page.keyboard.press("Enter")
    expect(own.dialog.get_by_text("меньше либо равно 2")).to_be_visible()
    # The focus is put to the field that was wrong a moment after its error is there.
    expect(own.dialog.get_by_label("Температура")).to_be_focused()
    own.dialog.get_by_label("Температура").fill("0.5")
    alice.page.keyboard.press("Enter")
    expect(own.dialog).to_be_hidden()
    expect(own.opener).to_contain_text("gemini-2.5-flash")
    expect(own.opener).to_be_focused()
    assert not alice.requested("document")
    alice.chat.send("[[echo]] Два")
    expect(alice.chat.answers).to_have_count(2)
    expect(alice.chat.finished_answer).to_contain_text("gemini-2.5-flash")
    alice.forgive("422")


def test_escape_and_a_click_beside_it_leave_the_chats_settings_as_they_were(alice):
    alice.chat.begin("[[echo]] Раз")
    own = ChatSettings(alice.page)
    for leave in (
        lambda: alice.page.keyboard.press("Escape"),
        lambda: alice.page.mouse.click(5, 400),
        lambda: own.dialog.get_by_role("link", name="Отмена").click(),
    ):
        own.opener.click()
        own.dialog.get_by_label("Температура").fill("0.1")
        leave()
        expect(own.dialog).to_be_hidden()
    own.opener.click()
    expect(own.dialog.get_by_label("Температура")).to_have_value("")


def test_without_javascript_the_model_is_chosen_for_all_chats_and_for_one(person):
    reader = person("plain", java_script_enabled=False)
    settings = SettingsPage(reader.page, reader.url)
    settings.open()
    reader.page.get_by_role("link", name="Загрузить список моделей").or_(
        reader.page.get_by_role("link", name="Обновить список")
    ).click()
    settings.model.select_option("gemini-2.5-flash")
    settings.save()
    expect(settings.facts).to_contain_text("Думает по бюджету токенов")
    reader.chat.begin_plainly("[[echo]] Раз")
    expect(reader.chat.finished_answer).to_contain_text("gemini-2.5-flash")
    ChatSettings(reader.page).opener.click()
    expect(reader.page.get_by_role("heading", name="Настройки этого чата")).to_be_visible()
    settings.model.select_option("gemini-pro-latest")
    settings.save()
    expect(reader.page.get_by_text("Настройки чата сохранены.")).to_be_visible()
    expect(ChatSettings(reader.page).opener).to_contain_text("gemini-pro-latest")


def test_on_a_phone_nothing_sticks_out(person):
    walker = person("walker")
    walker.page.set_viewport_size({"width": 320, "height": 640})
    chat = walker.chat.begin("[[echo]] Раз")
    expect(walker.chat.finished_answer).to_be_visible()
    for path in (f"gemini/chat/{chat}/", f"gemini/sessions/{chat}/settings/", "gemini/settings/", "gemini/prompts/"):
        walker.page.goto(f"{walker.url}/{path}")
        assert walker.page.evaluate("document.documentElement.scrollWidth") <= 320, path
    for path in ("gemini/prompts/new/", "accounts/", "accounts/sessions/"):
        walker.page.goto(f"{walker.url}/{path}")
        assert walker.page.evaluate("document.documentElement.scrollWidth") <= 320, path
