"""The mouse stays where it is."""

from playwright.sync_api import Locator, Page, expect


def tab_to(page: Page, goal: Locator, key: str = "Tab") -> None:
    for _ in range(60):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"60 times {key} do not lead to {goal}")


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


def test_a_whole_visit_needs_no_mouse(person):
    someone = person("walker", signed_in=False)
    page = someone.page
    someone.account.sign_up(someone.name, "Дождь-в-Минске-7")
    expect(page).to_have_title("Чаты — Gemini")
    # Signs out through the menu and in again.
    tab_to(page, page.get_by_label("Меню пользователя"))
    page.keyboard.press("Enter")
    press(page, "button", "Выйти")
    expect(page).to_have_title("Вход — Gemini")
    page.keyboard.type(someone.name)
    page.keyboard.press("Tab")
    page.keyboard.type("Дождь-в-Минске-7")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Чаты — Gemini")
    # Begins a chat, stops the answer, gives it a name.
    page.keyboard.press("n")
    expect(someone.chat.composer).to_be_focused()
    page.keyboard.type("[[words 400]] [[pace 0.3]]")
    page.keyboard.press("Enter")
    expect(someone.chat.answer).to_contain_text("слово5")
    press(page, "button", "Остановить")
    expect(page.get_by_role("button", name="Повторить")).to_be_visible()
    press(page, "link", "Переименовать")
    expect(page.get_by_label("Название чата")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("С клавиатуры")
    page.keyboard.press("Enter")
    expect(someone.chat.title).to_have_text("С клавиатуры")
    # Deletes it from the list, and saves a setting.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    expect(page).to_have_title("Чаты — Gemini")
    tab_to(page, page.get_by_label("Действия с чатом «С клавиатуры»"))
    page.keyboard.press("Enter")
    press(page, "button", "Удалить")
    expect(page.get_by_text("Чат «С клавиатуры» удалён.")).to_be_visible()
    tab_to(page, page.get_by_label("Меню пользователя"))
    page.keyboard.press("Enter")
    press(page, "link", "Настройки")
    tab_to(page, page.get_by_label("Системная инструкция"))
    page.keyboard.type("Отвечай кратко.")
    press(page, "button", "Сохранить")
    expect(page.get_by_text("Настройки сохранены.")).to_be_visible()


def test_the_first_tab_leads_past_the_navigation(alice):
    alice.dashboard.open()
    alice.page.keyboard.press("Tab")
    skip = alice.page.get_by_role("link", name="К содержанию")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#main")).to_be_focused()


def test_the_sheet_of_keys_opens_closes_and_gives_the_focus_back(alice):
    alice.dashboard.open()
    tab_to(alice.page, alice.page.get_by_role("link", name="Расход"))
    alice.page.keyboard.press("?")
    dialog = alice.page.get_by_role("dialog", name="Клавиши")
    expect(dialog).to_be_visible()
    expect(alice.page.get_by_role("button", name="Закрыть")).to_be_focused()
    alice.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(alice.page.get_by_role("link", name="Расход")).to_be_focused()
    assert len(alice.requested("document")) == 1


def test_keys_are_letters_while_something_is_typed(alice):
    alice.chat.open_new()
    alice.chat.composer.press_sequentially("ns?")
    expect(alice.chat.composer).to_have_value("ns?")
    expect(alice.page.get_by_role("dialog")).to_be_hidden()


def test_keys_work_in_the_russian_layout(alice):
    alice.dashboard.open()
    alice.page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'т', code: 'KeyN', bubbles: true}))"
    )
    expect(alice.page).to_have_title("Новый чат — Gemini")


def test_keys_can_be_switched_off_and_stay_so(alice):
    alice.page.goto(f"{alice.url}/gemini/help/")
    alice.page.get_by_label("Клавиши без Ctrl и Alt действуют").uncheck()
    alice.dashboard.open()
    alice.page.keyboard.press("n")
    alice.page.keyboard.press("?")
    alice.page.wait_for_timeout(300)
    expect(alice.page).to_have_title("Чаты — Gemini")
    expect(alice.page.get_by_role("dialog")).to_be_hidden()


def test_a_menu_closes_by_escape_by_tab_and_by_a_click_beside_it(alice):
    alice.dashboard.open()
    button = alice.page.get_by_label("Меню пользователя")
    out = alice.page.get_by_role("button", name="Выйти")
    tab_to(alice.page, button)
    alice.page.keyboard.press("Enter")
    expect(out).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    expect(button).to_be_focused()
    alice.page.keyboard.press("Enter")
    alice.page.keyboard.press("Shift+Tab")
    expect(out).to_be_hidden()
    button.click()
    expect(out).to_be_visible()
    alice.page.mouse.click(300, 600)
    expect(out).to_be_hidden()


def test_the_focus_is_not_lost_with_what_a_swap_takes_away(alice):
    alice.chat.begin("[[words 400]] [[pace 0.3]]")
    expect(alice.chat.answer).to_contain_text("слово5")
    tab_to(alice.page, alice.page.get_by_role("button", name="Остановить"))
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("button", name="Повторить")).to_be_visible()
    expect(alice.chat.composer).to_be_focused()


def test_who_clicked_beside_everything_gets_no_focus_from_a_stream(alice):
    alice.chat.begin("[[words 40]] [[pace 0.05]]")
    expect(alice.chat.answer).to_contain_text("слово5")
    alice.page.mouse.click(20, 600)
    expect(alice.chat.finished_answer).to_contain_text("слово40")
    expect(alice.chat.composer).not_to_be_focused()


def test_the_sheet_of_keys_is_a_page_for_whoever_has_no_javascript(person):
    reader = person("plain", java_script_enabled=False)
    reader.dashboard.open()
    reader.page.get_by_label("Меню пользователя").click()
    reader.page.get_by_role("link", name="Клавиши").click()
    expect(reader.page).to_have_title("Клавиши — Gemini")
    expect(reader.page.get_by_text("новая строка", exact=True)).to_be_visible()
    # Without a script there are no such keys to switch off.
    expect(reader.page.get_by_label("Клавиши без Ctrl и Alt действуют")).to_be_hidden()
