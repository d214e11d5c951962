import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2e.usage_pages import UsagePage


def asked(reader, *texts):
    for text in texts:
        reader.chat.begin(text)
        expect(reader.chat.answer).to_be_visible()
        expect(reader.page.locator("[data-state=done], [data-state=failed]").last).to_be_visible()
    return UsagePage(reader.page, reader.url)


def test_what_was_asked_is_there_and_each_number_leads_to_the_message_behind_it(alice):
    usage = asked(alice, "Курс доллара", "[[fail 429-day]] Ещё")
    usage.open()
    expect(alice.page.get_by_role("heading", name="Расход", level=1)).to_be_visible()
    expect(usage.rows("По дням")).to_have_count(1)
    usage.rows("По моделям").get_by_role("link", name="gemini-flash-latest").click()
    expect(alice.page.get_by_role("heading", name="Запросы к Gemini", level=1)).to_be_visible()
    expect(usage.table("Запросы").get_by_text("Исчерпана квота")).to_be_visible()
    usage.table("Запросы").get_by_role("link", name="Курс доллара").first.click()
    expect(alice.page).to_have_url(re.compile(r"/gemini/chat/\d+/\?message=(\d+)#message-\1$"))
    expect(alice.chat.finished_answer).to_be_visible()


def test_a_table_is_sorted_in_place_and_the_address_keeps_it(alice):
    usage = asked(alice, "Первый", "Второй")
    usage.open()
    alice.requests.clear()
    usage.sort("Для чего", "Назначение").click()
    heading = usage.table("Для чего").get_by_role("columnheader", name="Назначение")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert not alice.requested("document")
    expect(alice.page).to_have_url(re.compile("purpose-sort=name"))
    expect(usage.sort("Для чего", "Назначение")).to_be_focused()
    alice.page.reload()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    alice.page.go_back()
    expect(heading).not_to_have_attribute("aria-sort", "ascending")


def test_without_javascript_the_period_the_sorting_and_the_csv_are_plain_links(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill("Вопрос")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer).to_be_visible()
    usage = UsagePage(reader.page, reader.url)
    usage.open()
    reader.page.get_by_role("link", name="7 дней").click()
    expect(reader.page.get_by_role("link", name="7 дней")).to_have_attribute("aria-current", "true")
    usage.sort("По моделям", "Ответы").click()
    expect(usage.table("По моделям").get_by_role("columnheader", name="Ответы")).to_have_attribute(
        "aria-sort", "descending"
    )
    with reader.page.expect_download() as waited:
        reader.page.get_by_role("link", name="Скачать CSV").click()
    assert waited.value.suggested_filename == "gemini-расход-7d.csv"


def test_the_keyboard_alone_reaches_a_number_and_its_calls(alice):
    usage = asked(alice, "Вопрос")
    usage.open()
    alice.page.get_by_role("link", name="90 дней").focus()
    for _ in range(60):
        alice.page.keyboard.press("Tab")
        if alice.page.evaluate("document.activeElement.closest('#table-model tbody th') !== null"):
            break
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("heading", name="Запросы к Gemini", level=1)).to_be_visible()


def test_bob_sees_nothing_of_alices_usage(person):
    alice, bob = person("alice"), person("bob")
    asked(alice, "Тайна")
    usage = UsagePage(bob.page, bob.url)
    usage.open()
    expect(bob.page.get_by_text("запросов к Gemini не было")).to_be_visible()
    bob.page.goto(f"{bob.url}/gemini/usage/calls/?whole=1&period=all")
    expect(usage.table("Запросы").get_by_text("Здесь пока ничего нет.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_everyone_can_read_it(person, scheme, width):
    reader = person("reader", color_scheme=scheme)
    asked(reader, "Вопрос")
    reader.page.set_viewport_size({"width": width, "height": 800})
    for path in ("usage/", "usage/?from=1", "usage/calls/", "export/", "import/"):
        reader.page.goto(f"{reader.url}/gemini/{path}")
        found = Axe().run(reader.page).response["violations"]
        assert not [issue["id"] for issue in found if issue["impact"] in ("serious", "critical")], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert reader.page.evaluate(wide) == 0, path
    reader.forgive("422")
