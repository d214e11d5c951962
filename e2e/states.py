"""Every page and state worth looking at, and how a person gets there.

One line here is one line in both `test_accessibility.py` and `make screenshots`. Each state is reached by somebody new,
so it makes what it shows.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import expect

from e2e import data_states
from e2e.data_pages import Attaching
from e2e.messages import answer
from e2e.person import Person
from e2e.settings_pages import PromptLibrary


class State(NamedTuple):
    name: str
    reach: Callable[[Person], None]
    signed_in: bool = True
    # What the console says on the way there, and rightly so.
    forgiven: tuple[str, ...] = ()


def at(path: str) -> Callable[[Person], None]:
    return lambda person: person.go(path)


def signup_refused(person: Person) -> None:
    person.account.sign_up(person.name, "12345678")
    expect(person.page.get_by_role("alert").first).not_to_be_empty()


def several_chats(person: Person) -> None:
    for question in ("Составь план запуска", "Напиши пример на Python", "Сколько стоит 100 рублей в долларах"):
        person.chat.begin(question)
        expect(person.chat.finished_answer).to_be_visible()


def dashboard(person: Person) -> None:
    several_chats(person)
    person.dashboard.open()


def dashboard_deleted(person: Person) -> None:
    dashboard(person)
    person.dashboard.delete("пример")
    expect(person.page.get_by_role("button", name="Вернуть")).to_be_visible()


def found(person: Person) -> None:
    several_chats(person)
    person.go("/gemini/?q=пример")
    expect(person.page.locator("mark").first).to_be_visible()


def trash(person: Person) -> None:
    dashboard_deleted(person)
    person.go("/gemini/trash/")


def used(path: str) -> Callable[[Person], None]:
    def reach(person: Person) -> None:
        several_chats(person)
        person.go(path)

    return reach


def chat(person: Person) -> None:
    several_chats(person)
    person.chat.begin("Сравни вклады в таблице")
    expect(person.chat.finished_answer).to_be_visible()
    person.chat.send("Покажи формулу корней уравнения")
    expect(person.chat.answers).to_have_count(2)
    expect(person.chat.finished_answer).to_contain_text("дискриминант")
    person.page.reload()


def chat_code(person: Person) -> None:
    person.chat.begin("Напиши пример на Python")
    expect(person.chat.finished_answer).to_be_visible()


def chat_renaming(person: Person) -> None:
    chat_code(person)
    person.page.get_by_role("link", name="Переименовать").click()
    expect(person.page.get_by_label("Название чата")).to_be_focused()


def chat_failed(person: Person) -> None:
    chat_code(person)
    person.chat.send("[[fail 429-day]] Ещё один вопрос")
    expect(person.page.get_by_text("Исчерпана квота")).to_be_visible()


def chat_streaming(person: Person) -> None:
    person.chat.begin("Расскажи подробно [[pace 0.3]]")
    expect(person.chat.answer).to_contain_text("абзац")


def chat_variants(person: Person) -> None:
    chat_code(person)
    answer(person.page).regenerate()
    expect(answer(person.page).variants).to_have_accessible_name("Вариант 2 из 2")
    expect(person.chat.finished_answer).to_be_visible()


def chat_settings(person: Person) -> None:
    chat_code(person)
    person.page.get_by_role("link", name="Настройки чата").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()


def chat_print(person: Person) -> None:
    chat(person)
    person.page.goto(person.page.url.rstrip("/") + ".html")
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()


def prompt_palette(person: Person) -> None:
    library = PromptLibrary(person.page, person.url)
    library.add("Перевод", "Переведи {текст} на {язык}")
    library.add("Письмо", "Напиши письмо клиенту: {о чём}")
    person.chat.open_new()
    library.summon()
    expect(library.options).to_have_count(2)


def user_menu(person: Person) -> None:
    person.dashboard.open()
    person.page.get_by_label("Меню пользователя").click()


def keys_dialog(person: Person) -> None:
    person.dashboard.open()
    person.page.keyboard.press("?")
    expect(person.page.get_by_role("dialog")).to_be_visible()


def offline(person: Person) -> None:
    person.chat.open_new()
    person.context.set_offline(True)
    person.chat.send("Без связи")
    expect(person.page.get_by_text("Нет сети")).to_be_visible()
    expect(person.page.get_by_text("Нет связи с сервером")).to_be_visible()


def settings_refused(person: Person) -> None:
    person.go("/gemini/settings/")
    person.page.get_by_label("Ключ API").fill("AIza-not-a-key-of-theirs")
    person.page.get_by_role("button", name="Проверить ключ").click()
    expect(person.page.get_by_text(re.compile("Неверный API ключ"))).to_be_visible()


def vacancies(person: Person) -> None:
    person.go("/gemini/vacancies/?text=python&area=Минск")
    expect(person.page.get_by_role("heading", name="AI-анализ найденного")).to_be_visible()


def attaching(person: Person) -> None:
    person.chat.open_new()
    data = Attaching(person.page)
    data.pick("Курсы НБРБ")
    data.page.get_by_label("Валюты").fill("USD")
    data.add()
    data.pick("Вакансии")


def attached(person: Person) -> None:
    attaching(person)
    person.page.get_by_label("Запрос").fill("python")
    Attaching(person.page).add()
    person.chat.send("Сравни")
    expect(person.chat.finished_answer).to_be_visible()


STATES = [
    State("signup", at("/accounts/signup/"), signed_in=False),
    State("signup-refused", signup_refused, signed_in=False),
    State("login", at("/accounts/login/"), signed_in=False),
    State("password-reset", at("/accounts/password/reset/"), signed_in=False),
    State("password-reset-done", at("/accounts/password/reset/done/"), signed_in=False),
    State("password-change", at("/accounts/password/change/")),
    State("logout", at("/accounts/logout/")),
    State("user-menu", user_menu),
    State("dashboard-empty", at("/gemini/")),
    State("dashboard", dashboard),
    State("dashboard-deleted", dashboard_deleted),
    State("found", found),
    State("trash", trash),
    State("usage", used("/gemini/usage/")),
    State("calls", used("/gemini/usage/calls/")),
    State("export", used("/gemini/export/")),
    State("import", at("/gemini/import/")),
    State("prompts", at("/gemini/prompts/")),
    State("sessions", at("/accounts/sessions/")),
    State("account", at("/accounts/")),
    State("account-erase", at("/accounts/erase/")),
    State("account-erase", at("/accounts/erase/")),
    State("finance-empty", at("/finance/")),
    State("finance", data_states.finance),
    State("finance-new", at("/finance/transactions/new/")),
    State("finance-salaries", data_states.finance_page("salaries/")),
    State("finance-analysis", data_states.finance_page("analysis/")),
    State("finance-import", at("/finance/import/")),
    State("finance-import-preview", data_states.finance_preview),
    State("finance-import-columns", data_states.finance_columns),
    State("calendar-unconnected", at("/calendar/")),
    State("calendar", data_states.calendar),
    State("calendar-analysed", data_states.calendar_analysed),
    State("google-links", at("/accounts/3rdparty/")),
    State("chat-new", at("/gemini/chat/")),
    State("chat", chat),
    State("chat-code", chat_code),
    State("chat-renaming", chat_renaming),
    State("chat-failed", chat_failed),
    State("chat-streaming", chat_streaming),
    State("chat-variants", chat_variants),
    State("chat-looked-up", data_states.looked_up),
    State("chat-settings", chat_settings),
    State("chat-print", chat_print),
    State("prompt-palette", prompt_palette),
    State("settings", at("/gemini/settings/")),
    State("settings-refused", settings_refused),
    State("rates", at("/gemini/rates/?currency=RUB&period=90d")),
    State("rates-refused", at("/gemini/rates/?amount=сто&date=2016-06-30"), forgiven=("422",)),
    State("vacancies-empty", at("/gemini/vacancies/")),
    State("vacancies", vacancies),
    State("attaching", attaching),
    State("attached", attached),
    State("keys", at("/gemini/help/")),
    State("keys-dialog", keys_dialog),
    State("offline", offline, forgiven=("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")),
    State("not-found", at("/nothing/"), forgiven=("404",)),
]
