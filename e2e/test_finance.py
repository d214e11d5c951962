"""Money comes in by files and by hand, is drawn, and is talked over; nobody sees another's."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from e2e.finance_pages import FILES, FinancePages

UNKNOWN = {
    "name": "банк.csv",
    "mimeType": "text/csv",
    "buffer": "Когда;Куда;Сколько\n01.10.2026;Кофейня;3,50\n02.10.2026;Хлеб;ой\n".encode(),
}


@pytest.fixture
def finance(alice):
    return FinancePages(alice.page, alice.url)


def test_a_bank_file_is_shown_stored_and_charted_and_twice_adds_nothing(finance):
    finance.bring("bank_priorbank_by.csv")
    expect(finance.page.get_by_role("heading", name="Приорбанк")).to_be_visible()
    expect(finance.page.get_by_text("Строка 21: заблокирована")).to_be_visible()
    expect(finance.preview.get_by_text("BEREZKA")).to_be_visible()
    finance.confirm()
    expect(finance.page.get_by_text("Добавлено: 4")).to_be_visible()
    expect(finance.rows).to_have_count(4)
    expect(finance.sums).to_contain_text(re.compile(r"3\s303,50\sBYN"))
    expect(finance.months.locator("rect")).to_have_count(2)
    expect(finance.categories.get_by_text("Магазины одежды")).to_be_visible()
    finance.bring("bank_priorbank_by.csv")
    expect(finance.page.get_by_text("Записывать нечего")).to_be_visible()


def test_money_is_talked_over_in_a_chat_that_begins_with_what_was_sent(finance, alice):
    finance.bring("bank_priorbank_by.csv")
    finance.confirm()
    finance.open("analysis/")
    finance.page.get_by_label("Что узнать").fill("На что уходят деньги?")
    sent = finance.page.get_by_role("region", name="Что отправлено модели")
    alice.requests.clear()
    finance.page.get_by_label("Что узнать").blur()
    expect(sent.locator("pre")).to_contain_text("На что уходят деньги?")
    assert not alice.requested("document")
    text = sent.locator("pre").inner_text()
    finance.page.get_by_role("button", name="Анализировать").click()
    finance.page.wait_for_url(re.compile(r"/gemini/chat/\d+/$"))
    expect(alice.chat.title).to_have_text("Финансы: всё время")
    expect(alice.page.locator(".message--user")).to_contain_text(text.splitlines()[-1])
    expect(alice.chat.finished_answer).to_be_visible()


def test_what_was_spent_is_asked_in_a_chat_and_the_sums_are_the_pages_own(finance, alice):
    finance.bring("bank_priorbank_by.csv")
    finance.confirm()
    alice.chat.begin("Сколько я потратил?")
    expect(alice.chat.finished_answer).to_contain_text("пришло 3303.50 BYN")
    expect(alice.chat.finished_answer).to_contain_text("Мои доходы и расходы")


def test_a_list_is_narrowed_in_place_and_the_address_says_how(finance, alice):
    finance.bring("bank_alfa_ru.csv")
    finance.confirm()
    expect(finance.rows).to_have_count(2)
    alice.requests.clear()
    finance.page.get_by_label("Текст").press_sequentially("зараб")
    expect(finance.rows).to_have_count(1)
    finance.page.get_by_label("Что", exact=True).select_option("Расход")
    expect(finance.page.get_by_text("Здесь пока ничего нет.")).to_be_visible()
    assert "direction=spending" in finance.page.url
    finance.page.get_by_label("Текст").fill("")
    expect(finance.rows).to_have_count(1)
    finance.page.get_by_role("link", name="Сумма").click()
    expect(finance.page.get_by_role("columnheader", name="Сумма")).to_have_attribute("aria-sort", "descending")
    assert not alice.requested("document")
    finance.page.reload()
    expect(finance.page.get_by_label("Что", exact=True)).to_have_value("spending")
    expect(finance.rows).to_have_count(1)


def test_ticked_rows_get_a_category_without_leaving_the_page(finance, alice):
    finance.bring("bank_alfa_ru.csv")
    finance.confirm()
    finance.page.get_by_role("checkbox", name=re.compile("TEATR")).check()
    alice.requests.clear()
    finance.page.get_by_label("Категория для отмеченных").fill("Выходные")
    finance.page.get_by_label("Категория для отмеченных").press("Enter")
    expect(finance.page.get_by_text("Категория назначена, операций: 1")).to_be_visible()
    expect(finance.rows.filter(has_text="TEATR")).to_contain_text("Выходные")
    assert not alice.requested("document")


def test_all_of_it_works_without_javascript(person):
    reader = person("plain", java_script_enabled=False)
    finance = FinancePages(reader.page, reader.url)
    finance.bring(UNKNOWN)
    finance.page.get_by_label("Дата").select_option("Когда")
    finance.page.get_by_label("Сумма со знаком").select_option("Сколько")
    finance.page.get_by_label("Кому или от кого").select_option("Куда")
    finance.page.get_by_label("Суммы без минуса — расходы").check()
    finance.page.get_by_role("button", name="Прочитать так").click()
    expect(finance.page.get_by_text("Строка 3: сумма не читается")).to_be_visible()
    finance.confirm()
    expect(finance.rows).to_have_count(1)
    finance.page.get_by_label("Текст").fill("кофе")
    finance.page.get_by_role("button", name="Показать").click()
    finance.page.get_by_role("link", name="1 октября 2026").click()
    finance.page.get_by_label("Сумма", exact=True).fill("4,20")
    finance.page.get_by_role("button", name="Сохранить").click()
    expect(finance.rows).to_contain_text(re.compile(r"−4,20\sBYN"))
    finance.page.get_by_role("checkbox", name=re.compile("Кофейня")).check()
    finance.page.get_by_label("Категория для отмеченных").fill("Кафе")
    finance.page.get_by_role("button", name="Назначить").click()
    expect(finance.page.get_by_text("Категория назначена, операций: 1")).to_be_visible()
    finance.open("analysis/")
    finance.page.get_by_role("button", name="Анализировать").click()
    expect(reader.chat.finished_answer).to_be_visible(timeout=30_000)


def test_a_transaction_is_written_with_the_keyboard_alone(finance, alice):
    finance.open("transactions/new/")
    fields = (("Дата", "10052026"), ("Сумма", "12,50"), ("Категория", "Кафе"))
    for label, typed in fields:
        finance.tab_to(finance.page.get_by_label(label, exact=True))
        finance.page.keyboard.type(typed)
    finance.page.keyboard.press("Enter")
    expect(finance.page.get_by_text("Операция записана.")).to_be_visible()
    expect(finance.rows).to_contain_text("Кафе")


def test_the_same_by_rest_and_neither_file_nor_sum_is_anybody_elses(person, server):
    alice, bob = person("alice"), person("bob")
    key, other = server.sign_in(alice.name, bob.name)
    api = f"{server.url}/api/v1/finance"
    mine, theirs = {"Authorization": f"Session {key}"}, {"Authorization": f"Session {other}"}
    content = (FILES / "bank_priorbank_by.csv").read_bytes()
    added = [httpx.post(f"{api}/import/", files={"file": content}, headers=mine).json()["added"] for _ in range(2)]
    assert added == [4, 0]
    row = httpx.get(f"{api}/transactions/", headers=mine).json()["results"][0]
    assert httpx.get(f"{api}/summary/", headers=mine).json()["total"]["income"] == "3303.50"
    answer = httpx.post(f"{api}/analyze/", json={}, headers=mine, timeout=60).json()
    assert "3303.50" in answer["sent"]
    assert answer["response"]
    for path in ("transactions/", "summary/"):
        assert "BEREZKA" not in httpx.get(f"{api}/{path}", headers=theirs).text
    assert httpx.get(f"{api}/transactions/{row['id']}/", headers=theirs).status_code == 404
    finance = FinancePages(bob.page, bob.url)
    finance.open()
    expect(finance.page.get_by_text("Здесь появятся ваши доходы и расходы")).to_be_visible()
    assert bob.page.goto(f"{bob.url}/finance/transactions/{row['id']}/").status == 404
    bob.forgive("404")
