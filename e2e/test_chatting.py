from playwright.sync_api import expect


def test_a_stranger_signs_up_writes_and_reads_the_answer(person):
    newcomer = person("newcomer", signed_in=False)
    newcomer.account.sign_up(newcomer.name, "Дождь-в-Минске-7")
    expect(newcomer.page).to_have_title("Чаты — Gemini")
    newcomer.chat.begin("Покажи таблицу")
    expect(newcomer.chat.finished_answer).to_contain_text("Срочный выгоднее")
    expect(newcomer.chat.finished_answer.get_by_role("table")).to_be_visible()


def test_a_person_signs_out_and_in_again_and_finds_the_chat(person):
    someone = person("returning", signed_in=False)
    someone.account.sign_up(someone.name, "Дождь-в-Минске-7")
    someone.chat.begin("[[echo]] Запомни это")
    expect(someone.chat.finished_answer).to_contain_text("Запомни это")
    someone.account.sign_out()
    someone.account.sign_in(someone.name, "Дождь-в-Минске-7")
    expect(someone.dashboard.session("Запомни это")).to_be_visible()


def test_a_second_message_is_sent_without_loading_a_page_and_clears_the_composer(alice):
    alice.chat.begin("[[echo]] Первый")
    expect(alice.chat.finished_answer).to_contain_text("Первый")
    alice.requests.clear()
    alice.chat.send("[[echo]] Второй")
    expect(alice.chat.answers).to_have_count(2)
    expect(alice.chat.finished_answer).to_contain_text("Второй")
    expect(alice.chat.composer).to_have_value("")
    expect(alice.chat.composer).to_be_focused()
    assert not alice.requested("document")


def test_shift_enter_breaks_the_line_and_the_break_is_shown(alice):
    alice.chat.open_new()
    alice.chat.composer.fill("строка один")
    alice.chat.composer.press("Shift+Enter")
    alice.chat.composer.type("строка два")
    alice.chat.composer.press("Enter")
    alice.page.wait_for_url("**/gemini/chat/*/")
    assert alice.page.locator(".message--user .message__body").inner_text() == "строка один\nстрока два"


def test_markup_in_a_question_is_text_and_in_an_answer_is_harmless(alice):
    alice.chat.begin("[[echo]] <img src=x onerror=alert(1)> ![a](https://evil.example/?q=1) **жирно** $1.50")
    answer = alice.chat.finished_answer
    expect(answer.locator("strong")).to_have_text("жирно")
    expect(answer).to_contain_text("$1.50")
    assert alice.page.locator(".messages img").count() == 0
    assert not [request for request in alice.requests if "evil.example" in request]


def test_an_empty_message_is_refused_beside_the_composer(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.chat.composer.evaluate("field => field.removeAttribute('required')")
    alice.chat.send("   ")
    expect(alice.page.get_by_role("alert").get_by_text("Сообщение не может быть пустым")).to_be_visible()
    alice.forgive("422")


def test_the_title_comes_by_itself_and_stays_when_given_by_hand(alice):
    alice.chat.begin("Сколько стоит аренда склада в Минске весной")
    expect(alice.chat.title).to_have_text("Сколько стоит аренда склада")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.chat.rename("Склад")
    expect(alice.chat.title).to_have_text("Склад")
    expect(alice.page.get_by_label("Недавние чаты").get_by_role("link", name="Склад")).to_be_visible()
    alice.chat.send("[[echo]] ещё")
    expect(alice.chat.finished_answer).to_contain_text("ещё")
    alice.page.reload()
    expect(alice.chat.title).to_have_text("Склад")


def test_escape_leaves_the_title_as_it_was_and_gives_the_focus_back(alice):
    alice.chat.begin("[[echo]] Название")
    expect(alice.chat.finished_answer).to_be_visible()
    expect(alice.chat.title).to_have_text("Название")
    alice.page.get_by_role("link", name="Переименовать").click()
    expect(alice.page.get_by_label("Название чата")).to_be_focused()
    alice.page.get_by_label("Название чата").fill("Другое")
    alice.page.get_by_label("Название чата").press("Escape")
    expect(alice.chat.title).to_have_text("Название")
    expect(alice.page.get_by_role("link", name="Переименовать")).to_be_focused()


def test_a_chat_is_deleted_from_the_dashboard_without_loading_a_page(alice):
    alice.chat.begin("[[echo]] Лишний")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.dashboard.open()
    alice.requests.clear()
    alice.dashboard.delete("Лишний")
    expect(alice.dashboard.session("Лишний")).to_contain_text("удалён")
    assert not alice.requested("document")


def test_an_open_chat_that_is_deleted_leads_to_the_dashboard(alice):
    alice.chat.begin("[[echo]] Открытый")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.page.get_by_label("Действия с чатом", exact=True).click()
    alice.page.get_by_role("button", name="Удалить чат").click()
    expect(alice.page).to_have_title("Чаты — Gemini")
    expect(alice.page.get_by_text("удалён")).to_be_visible()
