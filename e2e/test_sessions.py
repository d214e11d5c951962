import httpx
from playwright.sync_api import expect

PASSWORD = "Дождь-в-Минске-7"


def by_the_form(someone, name):
    someone.page.goto(f"{someone.url}/accounts/login/")
    someone.account.sign_in(name, PASSWORD)
    expect(someone.page).to_have_title("Чаты — Gemini")


def call(server, key):
    answer = httpx.get(f"{server.url}/api/v1/gemini/chat-sessions/", headers={"Authorization": f"Session {key}"})
    return answer.status_code


def test_another_browser_and_a_key_of_the_api_are_signed_out_from_here(person, server):
    here, there = person("here", signed_in=False), person("there", signed_in=False)
    here.account.sign_up(here.name, PASSWORD)
    by_the_form(there, here.name)
    credentials = {"username": here.name, "password": PASSWORD}
    key = httpx.post(f"{server.url}/api/v1/accounts/session/", json=credentials).json()["session_id"]
    assert call(server, key) == 200
    here.page.get_by_label("Меню пользователя").click()
    here.page.get_by_role("link", name="Сессии").click()
    sessions = here.page.get_by_role("main").get_by_role("listitem")
    expect(sessions).to_have_count(3)
    expect(sessions.first).to_contain_text("эта сессия")
    here.requests.clear()
    sessions.filter(has_text="API").get_by_role("button", name="Завершить").click()
    expect(sessions).to_have_count(2)
    assert not here.requested("document")
    assert call(server, key) == 401
    here.page.get_by_role("button", name="Завершить все другие сессии").click()
    expect(here.page.get_by_text("Завершена 1 другая сессия.")).to_be_visible()
    there.dashboard.open()
    expect(there.page).to_have_title("Вход — Gemini")


def test_an_answer_that_is_being_watched_elsewhere_is_hidden_there_and_goes_on_here(person):
    here, there = person("here", signed_in=False), person("there", signed_in=False)
    here.account.sign_up(here.name, PASSWORD)
    by_the_form(there, here.name)
    there.chat.begin("[[words 200]] [[pace 0.1]]")
    expect(there.chat.answer).to_contain_text("слово12")
    chat = there.page.url
    here.page.goto(f"{here.url}/accounts/sessions/")
    here.page.get_by_role("button", name="Завершить все другие сессии").click()
    expect(there.page.get_by_text("Ответ недоступен")).to_be_visible()
    here.page.goto(chat)
    expect(here.chat.answer).to_contain_text("слово40")
    here.chat.stop()


def test_a_changed_password_signs_out_everywhere_else(person):
    here, there = person("here", signed_in=False), person("there", signed_in=False)
    here.account.sign_up(here.name, PASSWORD)
    by_the_form(there, here.name)
    here.page.goto(f"{here.url}/accounts/")
    here.page.get_by_role("link", name="Сменить пароль").click()
    here.page.get_by_label("Текущий пароль").fill(PASSWORD)
    here.page.get_by_label("Новый пароль", exact=True).fill("Снег-в-Гродно-8")
    here.page.get_by_label("Новый пароль (ещё раз)").fill("Снег-в-Гродно-8")
    here.page.get_by_role("button", name="Сменить пароль").click()
    here.dashboard.open()
    expect(here.page).to_have_title("Чаты — Gemini")
    there.dashboard.open()
    expect(there.page).to_have_title("Вход — Gemini")


def test_without_javascript_by_keyboard_alone_one_session_is_ended(person):
    here, there = person("here", signed_in=False, java_script_enabled=False), person("there", signed_in=False)
    here.account.sign_up(here.name, PASSWORD)
    by_the_form(there, here.name)
    here.page.goto(f"{here.url}/accounts/sessions/")
    here.page.get_by_role("button", name="Завершить Chrome").focus()
    here.page.keyboard.press("Enter")
    expect(here.page.get_by_text("Сессия завершена.")).to_be_visible()
    there.dashboard.open()
    expect(there.page).to_have_title("Вход — Gemini")


def test_the_language_is_switched_in_the_menu_on_the_page_where_one_is(alice):
    alice.page.goto(f"{alice.url}/accounts/sessions/")
    alice.page.get_by_label("Меню пользователя").click()
    alice.page.get_by_role("button", name="English").first.click()
    expect(alice.page.locator("html")).to_have_attribute("lang", "en")
    assert alice.page.url.endswith("/accounts/sessions/")
