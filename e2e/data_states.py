"""States of the pages of one's own data: what the model looked up, money, the calendar."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import expect

from e2e.finance_pages import FinancePages
from e2e.google_pages import CalendarPage, GooglePages
from e2e.person import Person

THIS_WEEK = "?period=week&date="


def looked_up(person: Person) -> None:
    person.chat.begin("Сколько будет 1500 USD в рублях на вчера?")
    details = person.chat.finished_answer.locator("details").filter(has_text="Данные:")
    details.locator("summary").click()
    expect(details.get_by_role("table")).to_be_visible()


def imported(person: Person) -> FinancePages:
    finance = FinancePages(person.page, person.url)
    for name in ("bank_priorbank_by.csv", "bank_tbank_2026.csv", "app_zenmoney.csv", "salary_template.csv"):
        finance.bring(name)
        finance.confirm()
        expect(person.page.get_by_text("Добавлено:")).to_be_visible()
    return finance


def finance(person: Person) -> None:
    imported(person).open()


def finance_page(path: str) -> Callable[[Person], None]:
    return lambda person: imported(person).open(path)


def finance_preview(person: Person) -> None:
    finance = FinancePages(person.page, person.url)
    finance.bring("bank_priorbank_by.csv")
    expect(finance.preview.get_by_text("BEREZKA")).to_be_visible()


def finance_columns(person: Person) -> None:
    content = "Когда;Куда;Сколько\n01.10.2026;Кофейня;3,50\n02.10.2026;Хлеб;ой\n".encode()
    FinancePages(person.page, person.url).bring({"name": "банк.csv", "mimeType": "text/csv", "buffer": content})
    expect(person.page.get_by_label("Сумма со знаком")).to_be_visible()


def calendar(person: Person) -> None:
    page = CalendarPage(person.page, person.url)
    page.open()
    page.connect()
    GooglePages(person.page, person.url).choose(f"{person.name}@example.com")
    expect(person.page.get_by_text("Календарь подключён.")).to_be_visible()
    page.open(THIS_WEEK + date.today().isoformat())
    expect(page.event("Встреча с клиентом")).to_be_visible()


def calendar_analysed(person: Person) -> None:
    calendar(person)
    CalendarPage(person.page, person.url).analyze()
    person.page.wait_for_url(re.compile(r"/gemini/chat/\d+/"))
    expect(person.chat.finished_answer).to_be_visible()
