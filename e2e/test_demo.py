"""What a newcomer meets after `make run`: no key anywhere, and a demo model that says what it is."""

import pytest
from playwright.sync_api import expect

from e2e.person import Person
from tests.processes import Server


@pytest.fixture(scope="module")
def demo():
    with Server(None, GEMINI_DEMO="auto") as server:
        yield server


def test_a_newcomer_talks_to_a_demo_model_that_every_page_calls_by_its_name(browser, demo):
    newcomer = Person(browser.new_context(locale="ru-RU"), demo.url, "newcomer")
    newcomer.open_tab()
    newcomer.account.sign_up("newcomer", "Дождь-в-Минске-7")
    banner = newcomer.page.get_by_role("note")
    expect(banner).to_contain_text("Отвечает демонстрационная модель")
    newcomer.chat.begin("Привет")
    expect(banner).to_contain_text("Отвечает демонстрационная модель")
    expect(newcomer.chat.finished_answer).to_contain_text("Я демонстрационная модель")
    banner.get_by_role("link", name="Добавить ключ Gemini").click()
    expect(newcomer.page).to_have_title("Настройки — Gemini")
    expect(banner).to_contain_text("Отвечает демонстрационная модель")
    newcomer.page.get_by_label("Ключ API").fill("AIza-a-key-of-my-own-0001")
    newcomer.page.get_by_role("button", name="Сохранить").click()
    expect(newcomer.page.get_by_text("Настройки сохранены.")).to_be_visible()
    expect(banner).to_have_count(0)
    assert not newcomer.unforgiven()
    newcomer.context.close()
