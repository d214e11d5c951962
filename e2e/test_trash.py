import re

from playwright.sync_api import expect


def test_a_deleted_row_says_so_and_comes_back_in_its_place(keeper):
    reader, listing = keeper()
    listing.act("Курсы валют", "Удалить")
    expect(listing.row("Курсы валют")).to_contain_text("удалён")
    expect(reader.page.get_by_role("button", name="Вернуть")).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(listing.row("Курсы валют").get_by_role("link", name="Курсы валют")).to_be_visible()
    assert listing.titles == ["Аренда склада", "Курсы валют", "Поездка в Гродно"]
    assert not reader.requested("document")


def test_several_are_deleted_and_come_back_together(keeper):
    reader, listing = keeper()
    listing.select("Аренда склада", "Поездка в Гродно")
    listing.selected.get_by_role("button", name="Удалить").click()
    expect(reader.page.get_by_text("Удалено 2 чата.")).to_be_visible()
    assert listing.titles == ["Курсы валют"]
    listing.undo()
    expect(listing.row("Аренда склада")).to_be_visible()
    assert len(listing.titles) == 3
    assert not reader.requested("document")


def test_an_open_chat_goes_to_the_trash_and_is_had_back_from_there(keeper):
    reader, listing = keeper()
    listing.row("Курсы валют").get_by_role("link", name="Курсы валют").click()
    listing.act_on_open_chat("Удалить чат")
    expect(reader.page).to_have_title("Чаты — Gemini")
    expect(reader.page.get_by_text("Чат «Курсы валют» удалён.")).to_be_visible()
    reader.page.get_by_role("link", name="Корзина").click()
    expect(listing.row("Курсы валют")).to_contain_text("Ещё 30 дней")
    reader.page.get_by_role("button", name="Вернуть чат «Курсы валют»").click()
    expect(reader.page.get_by_text("Корзина пуста")).to_be_visible()
    listing.open()
    expect(listing.row("Курсы валют")).to_be_visible()


def test_one_message_is_deleted_and_comes_back_in_its_place(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_contain_text("Раз")
    alice.requests.clear()
    question = alice.page.locator(".message--user")
    question.get_by_role("button", name="Удалить сообщение").click()
    expect(question).to_have_count(0)
    alice.page.get_by_role("log").get_by_role("button", name="Вернуть").click()
    expect(question).to_contain_text("Раз")
    assert not alice.requested("document")


def test_a_cleared_history_comes_back(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_contain_text("Раз")
    alice.page.get_by_label("Действия с чатом", exact=True).click()
    alice.page.get_by_role("button", name="Очистить историю").click()
    expect(alice.page.get_by_text("История чата очищена.")).to_be_visible()
    expect(alice.chat.answers).to_have_count(0)
    alice.page.get_by_role("log").get_by_role("button", name="Вернуть").click()
    expect(alice.chat.finished_answer).to_contain_text("Раз")


def test_a_history_that_is_being_written_is_not_cleared_and_stays_on_the_page(alice):
    alice.chat.begin("[[words 200]] [[pace 0.05]]")
    expect(alice.chat.answer).to_contain_text("слово5")
    alice.page.get_by_label("Действия с чатом", exact=True).click()
    alice.page.get_by_role("button", name="Очистить историю").click()
    expect(alice.page.get_by_text("Предыдущий ответ ещё пишется.")).to_be_visible()
    expect(alice.chat.answer).to_contain_text("слово20")
    alice.forgive("409")


def test_deleting_for_good_asks_first_and_cannot_be_undone(keeper):
    reader, listing = keeper()
    listing.act("Курсы валют", "Удалить")
    expect(listing.row("Курсы валют")).to_contain_text("удалён")
    reader.page.goto(f"{reader.url}/gemini/trash/")
    reader.page.get_by_role("link", name="Очистить корзину").click()
    expect(reader.page.get_by_text("Вернуть это будет нельзя.")).to_be_visible()
    reader.page.get_by_role("button", name="Удалить навсегда").click()
    expect(reader.page.get_by_text("Корзина пуста")).to_be_visible()


def test_without_javascript_all_of_it_is_forms(keeper):
    reader, listing = keeper("plain", java_script_enabled=False)
    listing.act("Курсы валют", "Удалить")
    expect(reader.page.get_by_text("Чат «Курсы валют» удалён.")).to_be_visible()
    listing.undo()
    expect(reader.page.get_by_text("Чат «Курсы валют» возвращён.")).to_be_visible()
    listing.row("Курсы валют").get_by_role("link", name="Курсы валют").click()
    reader.page.get_by_role("button", name="Удалить сообщение").click()
    expect(reader.page.get_by_text("Сообщение удалено.")).to_be_visible()
    listing.undo()
    expect(reader.page.get_by_text("Какой курс доллара?")).to_be_visible()
    listing.act_on_open_chat("Очистить историю")
    listing.undo()
    expect(reader.page.get_by_text("Какой курс доллара?")).to_be_visible()
    expect(reader.page).to_have_url(re.compile(r"/gemini/chat/\d+/$"))
