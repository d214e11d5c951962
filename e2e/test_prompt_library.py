import pytest
from playwright.sync_api import expect

from e2e.settings_pages import PromptLibrary


@pytest.fixture
def library(alice):
    library = PromptLibrary(alice.page, alice.url)
    library.add("Перевод", "Переведи {текст} на {язык}")
    library.add("Пожелание", "[[echo]] Поздравь коллегу")
    return library


def test_a_slash_opens_the_prompts_and_the_keyboard_alone_puts_one_into_the_message(alice, library):
    alice.chat.open_new()
    alice.requests.clear()
    library.summon()
    expect(library.options).to_have_count(2)
    expect(library.chosen).to_contain_text("Перевод")
    expect(alice.chat.composer).to_be_focused()
    chosen = alice.chat.composer.get_attribute("aria-activedescendant")
    assert library.chosen.get_attribute("id") == chosen
    alice.page.keyboard.press("ArrowDown")
    expect(library.chosen).to_contain_text("Пожелание")
    alice.page.keyboard.press("ArrowDown")
    expect(library.chosen).to_contain_text("Перевод")
    alice.page.keyboard.press("ArrowUp")
    alice.page.keyboard.press("Enter")
    expect(alice.chat.composer).to_have_value("[[echo]] Поздравь коллегу")
    expect(library.options).to_have_count(0)
    expect(alice.chat.composer).to_be_focused()
    assert not alice.requested("document")
    alice.page.keyboard.press("Enter")
    expect(alice.chat.finished_answer).to_contain_text("Поздравь коллегу")


def test_typing_on_narrows_the_list_and_what_matches_nothing_is_a_message(alice, library):
    alice.chat.open_new()
    alice.chat.composer.press_sequentially("/коллег")
    expect(library.options.filter(visible=True)).to_have_count(1)
    expect(library.chosen).to_contain_text("Пожелание")
    alice.chat.composer.press_sequentially("/нет такого")
    expect(library.options.filter(visible=True)).to_have_count(0)
    alice.page.keyboard.press("Enter")
    alice.page.wait_for_url("**/gemini/chat/*/")
    expect(alice.page.locator(".message--user")).to_contain_text("/коллег/нет такого")


def test_escape_closes_the_list_and_the_slash_stays_a_slash(alice, library):
    alice.chat.open_new()
    library.summon()
    expect(library.options).to_have_count(2)
    alice.page.keyboard.press("Escape")
    expect(library.options).to_have_count(0)
    alice.page.keyboard.type("etc")
    expect(alice.chat.composer).to_have_value("/etc")
    expect(library.options).to_have_count(0)
    alice.chat.composer.fill("")
    library.summon()
    expect(library.options).to_have_count(2)


def test_gaps_are_a_small_form_and_an_empty_one_is_selected_to_be_typed_over(alice, library):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.requests.clear()
    library.summon()
    expect(library.options).to_have_count(2)
    alice.page.keyboard.press("Enter")
    dialog = alice.page.get_by_role("dialog", name="Перевод")
    expect(dialog.get_by_label("Текст")).to_be_focused()
    alice.page.keyboard.press("Tab")
    alice.page.keyboard.type("чешский")
    alice.page.keyboard.press("Tab")
    alice.page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(alice.chat.composer).to_have_value("Переведи {текст} на чешский")
    expect(alice.chat.composer).to_be_focused()
    alice.page.keyboard.type("«кот»")
    expect(alice.chat.composer).to_have_value("Переведи «кот» на чешский")
    assert not alice.requested("document")


def test_given_up_the_dialog_leaves_the_message_as_it_was(alice, library):
    alice.chat.open_new()
    library.summon()
    library.options.filter(has_text="Перевод").click()
    dialog = alice.page.get_by_role("dialog", name="Перевод")
    expect(dialog).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(alice.chat.composer).to_have_value("/")


def test_by_touch_the_link_opens_the_list_and_keeps_what_is_written(person):
    walker = person("walker", has_touch=True, is_mobile=True)
    walker.page.set_viewport_size({"width": 390, "height": 844})
    library = PromptLibrary(walker.page, walker.url)
    library.add("Пожелание", "Поздравь коллегу")
    walker.chat.open_new()
    walker.chat.composer.fill("Коротко: ")
    walker.page.get_by_role("link", name="Заготовки").tap()
    expect(library.options).to_have_count(1)
    assert library.options.first.bounding_box()["height"] >= 44
    library.options.first.tap()
    expect(walker.chat.composer).to_have_value("Коротко: Поздравь коллегу")
    walker.page.reload()
    expect(walker.chat.composer).to_have_value("Коротко: Поздравь коллегу")


def test_a_prompt_is_deleted_in_place_once_it_is_confirmed(alice, library):
    library.open()
    alice.requests.clear()
    library.prompt("Перевод").get_by_role("link", name="Удалить").click()
    dialog = alice.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Удалить заготовку «Перевод»?")
    dialog.get_by_role("link", name="Отмена").click()
    expect(library.prompt("Перевод")).to_be_visible()
    library.prompt("Перевод").get_by_role("link", name="Удалить").click()
    dialog.get_by_role("button", name="Удалить").click()
    expect(library.prompt("Перевод")).to_have_count(0)
    expect(dialog).to_be_hidden()
    expect(library.prompt("Пожелание")).to_be_visible()
    assert not alice.requested("document")


def test_bob_finds_none_of_alices_prompts(alice, library, person):
    bob = person("bob")
    bob.chat.open_new()
    bob.page.keyboard.press("/")
    expect(bob.page.get_by_text("Заготовок пока нет.")).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(bob.page.get_by_text("Заготовок пока нет.")).to_be_hidden()


def test_without_javascript_a_prompt_goes_from_the_library_into_the_chat(person):
    reader = person("plain", java_script_enabled=False)
    library = PromptLibrary(reader.page, reader.url)
    library.add("Перевод", "[[echo]] Переведи {текст} на {язык}")
    expect(reader.page.get_by_text("Заготовка «Перевод» сохранена.")).to_be_visible()
    reader.chat.begin_plainly("[[echo]] Раз")
    expect(reader.chat.finished_answer).to_be_visible()
    reader.page.get_by_role("link", name="Заготовки").click()
    library.prompt("Перевод").get_by_role("link", name="Использовать").click()
    reader.page.get_by_label("Текст").fill("кот")
    reader.page.get_by_label("Язык").fill("чешский")
    reader.page.get_by_role("button", name="Вставить в сообщение").click()
    expect(reader.chat.composer).to_have_value("[[echo]] Переведи кот на чешский")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer).to_contain_text("Переведи кот на чешский")
    library.open()
    library.prompt("Перевод").get_by_role("link", name="Удалить").click()
    reader.page.get_by_role("button", name="Удалить").click()
    expect(reader.page.get_by_text("Заготовка «Перевод» удалена.")).to_be_visible()
