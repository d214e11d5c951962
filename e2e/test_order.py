import re

from playwright.sync_api import expect

MANY = [(f"Чат номер {number:02}", "Привет") for number in range(60)]


def test_a_pinned_chat_moves_to_the_top_and_back_without_loading_a_page(keeper):
    reader, listing = keeper()
    listing.act("Поездка в Гродно", "Закрепить")
    expect(reader.page.get_by_role("heading", name="Закреплённые")).to_be_visible()
    assert listing.titles == ["Поездка в Гродно", "Аренда склада", "Курсы валют"]
    expect(listing.row("Поездка в Гродно").get_by_label("Действия с чатом")).to_be_focused()
    listing.act("Поездка в Гродно", "Открепить")
    expect(reader.page.get_by_role("heading", name="Закреплённые")).to_have_count(0)
    assert not reader.requested("document")


def test_an_archived_chat_waits_in_the_archive(keeper):
    reader, listing = keeper()
    listing.act("Курсы валют", "В архив")
    expect(listing.row("Курсы валют")).to_contain_text("теперь в архиве")
    listing.undo()
    expect(listing.row("Курсы валют").get_by_role("link", name="Курсы валют")).to_be_visible()
    listing.act("Курсы валют", "В архив")
    reader.page.get_by_role("link", name="Архив").click()
    expect(reader.page).to_have_url(re.compile(r"\?archived=1$"))
    assert listing.titles == ["Курсы валют"]
    assert not reader.requested("document")


def test_the_order_is_chosen_and_is_in_the_url(keeper):
    reader, _ = keeper(chats=[("Вишня", "1"), ("апельсин", "2"), ("Банан", "3")])
    reader.page.locator(".toolbar__order summary").click()
    reader.page.get_by_role("link", name="По названию").click()
    expect(reader.page).to_have_url(re.compile(r"\?order=title$"))
    expect(reader.page.locator(".session__title")).to_have_text(["апельсин", "Банан", "Вишня"])
    assert not reader.requested("document")
    reader.page.go_back()
    expect(reader.page.locator(".session__title")).to_have_text(["Вишня", "апельсин", "Банан"])


def test_the_next_chats_come_when_their_place_is_seen(keeper):
    reader, listing = keeper(chats=MANY)
    assert len(listing.titles) == 20
    for _ in range(6):
        reader.page.mouse.wheel(0, 4000)
        reader.page.wait_for_timeout(400)
    expect(reader.page.locator("li.session")).to_have_count(60)
    assert listing.titles == [title for title, _ in MANY]
    assert reader.page.get_by_role("heading", name="Сегодня").count() <= 1
    assert not reader.requested("document")


def test_without_javascript_the_same_is_pages_and_forms(keeper):
    reader, listing = keeper("plain", chats=MANY, java_script_enabled=False)
    reader.page.get_by_role("link", name="Показать ещё").click()
    assert listing.titles[0] == "Чат номер 20"
    listing.act("Чат номер 21", "Закрепить")
    expect(reader.page).to_have_url(re.compile(r"\?after=\d+$"))
    reader.page.get_by_role("link", name="К началу").click()
    assert listing.titles[0] == "Чат номер 21"
    listing.select("Чат номер 03", "Чат номер 04")
    listing.selected.get_by_role("button", name="В архив").click()
    expect(reader.page.get_by_text("2 чата теперь в архиве.")).to_be_visible()
    listing.undo()
    expect(listing.row("Чат номер 03")).to_be_visible()


def test_what_can_be_done_with_many_is_shown_while_any_are_selected(keeper):
    _, listing = keeper()
    expect(listing.selected).to_be_hidden()
    listing.select("Курсы валют", "Аренда склада")
    expect(listing.selected).to_be_visible()


def test_the_menu_of_a_row_is_used_by_keyboard_and_left_by_escape(keeper):
    reader, listing = keeper()
    button = listing.row("Курсы валют").get_by_label("Действия с чатом")
    button.focus()
    reader.page.keyboard.press("Enter")
    expect(listing.row("Курсы валют").get_by_role("button", name="Закрепить")).to_be_visible()
    reader.page.keyboard.press("Escape")
    expect(listing.row("Курсы валют").get_by_role("button", name="Закрепить")).to_be_hidden()
    expect(button).to_be_focused()
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("heading", name="Закреплённые")).to_be_visible()


def test_on_a_phone_the_recent_chats_open_over_the_page_also_without_javascript(keeper):
    for options in ({}, {"java_script_enabled": False}):
        reader, listing = keeper(f"phone{len(options)}", **options)
        reader.page.set_viewport_size({"width": 390, "height": 844})
        listing.row("Курсы валют").get_by_role("link", name="Курсы валют").click()
        recent = reader.page.get_by_role("navigation", name="Недавние чаты")
        expect(recent).to_be_hidden()
        reader.page.get_by_role("button", name="Недавние чаты").click()
        expect(recent).to_be_visible()
        recent.get_by_role("link", name="Поездка в Гродно").click()
        expect(reader.page).to_have_title("Поездка в Гродно — Gemini")


def test_the_open_chat_is_pinned_from_its_own_menu(keeper):
    reader, listing = keeper()
    listing.row("Курсы валют").get_by_role("link", name="Курсы валют").click()
    expect(reader.page).to_have_title("Курсы валют — Gemini")
    reader.requests.clear()
    listing.act_on_open_chat("Закрепить")
    recent = reader.page.get_by_role("navigation", name="Недавние чаты")
    expect(recent.get_by_role("heading", name="Закреплённые")).to_be_visible()
    assert not reader.requested("document")
