import re

from playwright.sync_api import expect

from e2e.data_pages import Attaching


def test_data_is_attached_kept_over_a_reload_sent_and_shown(alice):
    alice.chat.begin("[[echo]] Начало")
    expect(alice.chat.finished_answer).to_be_visible()
    data = Attaching(alice.page)
    alice.requests.clear()
    alice.chat.composer.fill("Что с курсом?")
    data.pick("Курсы НБРБ")
    alice.page.get_by_label("Валюты").fill("USD, EUR")
    data.add()
    expect(data.chips).to_be_focused()
    expect(alice.chat.composer).to_have_value("Что с курсом?")
    alice.page.reload()
    expect(data.chips).to_be_checked()
    expect(alice.chat.composer).to_have_value("Что с курсом?")
    alice.requests.clear()
    alice.chat.composer.press("Enter")
    expect(data.under_the_message).to_contain_text("Валюты: USD, EUR")
    expect(alice.chat.finished_answer.get_by_text("приложено вами")).to_be_visible()
    expect(data.chips).to_have_count(0)
    expect(alice.page).to_have_url(re.compile(r"/gemini/chat/\d+/$"))
    assert not alice.requested("document")


def test_a_chip_that_is_unticked_does_not_go(alice):
    alice.chat.open_new()
    data = Attaching(alice.page)
    data.pick("Курсы НБРБ")
    data.add()
    data.chips.uncheck()
    alice.chat.send("[[echo]] Без данных")
    expect(alice.chat.finished_answer).to_be_visible()
    expect(alice.page.get_by_text("приложено вами")).to_have_count(0)
    expect(data.under_the_message).to_have_count(0)


def test_the_keyboard_alone_attaches_and_enter_in_a_field_adds_and_does_not_send(alice):
    alice.chat.open_new()
    data = Attaching(alice.page)
    data.menu.focus()
    alice.page.keyboard.press("Enter")
    alice.page.get_by_role("button", name="Вакансии", exact=True).focus()
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_label("Запрос")).to_be_focused()
    alice.page.keyboard.type("python")
    alice.page.keyboard.press("Enter")
    expect(data.chips).to_be_focused()
    assert alice.page.url.partition("?")[0].endswith("/gemini/chat/")


def test_what_is_refused_is_said_in_place_and_keeps_the_text(alice):
    alice.forgive("422")
    alice.chat.open_new()
    alice.chat.composer.fill("Мой текст")
    data = Attaching(alice.page)
    data.pick("Курсы НБРБ: пересчёт")
    alice.page.get_by_role("button", name="Приложить").click()
    expect(alice.page.get_by_role("alert").first).to_contain_text("Заполните это поле.")
    expect(alice.chat.composer).to_have_value("Мой текст")
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("button", name="Приложить")).to_be_hidden()


def test_without_javascript_data_is_attached_step_by_step(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill("Что с курсом?")
    data = Attaching(reader.page)
    data.pick("Курсы НБРБ")
    expect(reader.chat.composer).to_have_value("Что с курсом?")
    reader.page.get_by_label("Валюты").fill("USD")
    reader.page.get_by_role("button", name="Приложить").click()
    expect(data.chips).to_be_checked()
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer.get_by_text("приложено вами")).to_be_visible()
    expect(data.under_the_message).to_contain_text("Валюты: USD")
