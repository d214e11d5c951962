import re

from playwright.sync_api import expect


def search(reader, text: str = "python", area: str = "Минск") -> None:
    reader.go("/gemini/")
    reader.page.get_by_role("navigation", name="Основная навигация").get_by_role("link", name="Вакансии").click()
    reader.page.get_by_label("Должность, навык или компания").fill(text)
    reader.page.get_by_label("Где").fill(area)
    reader.page.get_by_role("button", name="Найти").click()


def test_vacancies_are_found_in_place_with_their_pay_and_analysed_in_a_new_chat(alice):
    alice.go("/gemini/vacancies/")
    alice.requests.clear()
    alice.page.get_by_label("Должность, навык или компания").fill("python")
    alice.page.get_by_label("Где").fill("Минск")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_text("Ищет HH.ru.")).to_be_visible()
    expect(alice.page.get_by_role("rowheader", name="BYN, за месяц, на руки")).to_be_visible()
    assert not alice.requested("document")
    expect(alice.page).to_have_url(re.compile("text=python&area="))
    alice.page.get_by_text("Что будет отправлено модели").click()
    expect(alice.page.locator(".sent__text").first).to_contain_text("К сообщению приложены данные")
    alice.page.get_by_label("Вопрос о найденном").fill("Разбери")
    alice.page.get_by_role("button", name="Анализировать в новом чате").click()
    expect(alice.page).to_have_url(re.compile(r"/gemini/chat/\d+/$"))
    expect(alice.chat.finished_answer).to_contain_text("Найдено вакансий")
    expect(alice.page.get_by_role("list", name="Приложенные данные")).to_contain_text("Запрос: python")
    expect(alice.chat.finished_answer.get_by_text("приложено вами").first).to_be_visible()


def test_pages_of_what_was_found_turn_in_place(alice):
    search(alice)
    alice.requests.clear()
    alice.page.get_by_role("link", name="Дальше").click()
    expect(alice.page.get_by_role("navigation", name="Страницы найденного")).to_contain_text("2 из")
    assert not alice.requested("document")
    alice.page.go_back()
    expect(alice.page.get_by_role("navigation", name="Страницы найденного")).to_contain_text("1 из")


def test_what_cannot_be_searched_for_is_said(alice):
    alice.forgive("422")
    search(alice, text=" ")
    expect(alice.page.get_by_role("alert").first).to_contain_text("Напишите, какую работу искать.")


def test_without_javascript_search_pay_and_analysis_are_plain_pages(person):
    reader = person("plain", java_script_enabled=False)
    search(reader)
    expect(reader.page.get_by_text("Ищет HH.ru.")).to_be_visible()
    reader.page.get_by_role("link", name="Статистика оплаты и AI-анализ найденного").click()
    expect(reader.page.get_by_role("rowheader", name="BYN, за месяц, на руки")).to_be_visible()
    reader.page.get_by_role("button", name="Анализировать в новом чате").click()
    expect(reader.chat.finished_answer).to_be_visible()
    expect(reader.page.get_by_role("list", name="Приложенные данные")).to_contain_text("python")
