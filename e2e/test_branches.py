import re

from playwright.sync_api import expect

from e2e.messages import answer, question


def talk(someone, *texts):
    """A chat in which each text got its echo."""
    for number, text in enumerate(texts, 1):
        (someone.chat.send if number > 1 else someone.chat.begin)(f"[[echo]] {text}")
        expect(someone.chat.answers).to_have_count(number)
        expect(someone.chat.finished_answer).to_contain_text(text)
    someone.requests.clear()


def mark(item):
    item.evaluate("element => { element.dataset.seen = 'yes'; }")


def test_a_question_is_edited_and_what_followed_is_reached_again_without_loading_a_page(alice):
    talk(alice, "раз", "два", "три")
    mark(question(alice.page).item)
    question(alice.page, 1).edit("[[echo]] иначе")
    expect(alice.chat.answers).to_have_count(2)
    expect(alice.chat.finished_answer).to_contain_text("иначе")
    expect(question(alice.page, 1).variants).to_have_accessible_name("Вариант 2 из 2")
    question(alice.page, 1).previous.click()
    expect(alice.chat.answers).to_have_count(3)
    expect(alice.chat.finished_answer).to_contain_text("три")
    expect(question(alice.page, 1).next).to_be_focused()
    alice.page.keyboard.press("Enter")
    expect(alice.chat.finished_answer).to_contain_text("иначе")
    expect(question(alice.page, 1).previous).to_be_focused()
    expect(question(alice.page).item).to_have_attribute("data-seen", "yes")
    assert not alice.requested("document")


def test_an_answer_in_the_middle_is_asked_for_again_and_the_old_one_keeps_what_followed(alice):
    talk(alice, "раз", "два")
    answer(alice.page, 0).regenerate()
    expect(alice.chat.answers).to_have_count(1)
    expect(alice.chat.finished_answer).to_be_visible()
    expect(answer(alice.page).variants).to_have_accessible_name("Вариант 2 из 2")
    answer(alice.page).previous.click()
    expect(alice.chat.finished_answer).to_contain_text("два")
    alice.page.reload()
    expect(alice.chat.answers).to_have_count(2)
    assert len(alice.requested("document")) == 1


def test_a_cut_answer_goes_on_in_its_place(alice):
    alice.chat.begin(f"{alice.name} [[words 40]] [[fail max-tokens x1]]")
    expect(alice.page.get_by_text("Ответ достиг предела длины.")).to_be_visible()
    alice.page.get_by_role("button", name="Продолжить").click()
    expect(alice.chat.finished_answer).to_contain_text("слово40")
    words = re.findall(r"слово\d+", alice.chat.finished_answer.inner_text())
    assert words == [f"слово{n}" for n in range(1, 41)]
    expect(alice.chat.messages).to_have_count(2)
    expect(alice.page.get_by_text("Ответ достиг предела длины.")).to_have_count(0)
    expect(answer(alice.page).variants).to_have_accessible_name("Вариант 2 из 2")


def test_a_stopped_answer_goes_on_over_one_stream(alice):
    alice.chat.begin("[[words 90]] [[pace 0.05]]")
    expect(alice.chat.answer).to_contain_text("слово12")
    alice.chat.stop()
    expect(alice.page.get_by_text("Ответ остановлен.")).to_be_visible()
    alice.requests.clear()
    alice.page.get_by_role("button", name="Продолжить").click()
    expect(alice.chat.finished_answer).to_contain_text("слово90")
    assert len(alice.requested("eventsource")) == 1
    words = re.findall(r"слово\d+", alice.chat.finished_answer.inner_text())
    assert words == [f"слово{n}" for n in range(1, 91)]


def test_by_keyboard_alone_an_edit_is_begun_given_up_begun_again_and_sent(alice):
    talk(alice, "раз")
    asked = question(alice.page)
    asked.edit_link.focus()
    alice.page.keyboard.press("Enter")
    expect(asked.edit_field).to_be_focused()
    alice.page.keyboard.type(" и ещё")
    alice.page.keyboard.press("Escape")
    expect(asked.edit_link).to_be_focused()
    alice.page.keyboard.press("Enter")
    expect(asked.edit_field).to_have_value("[[echo]] раз")
    expect(asked.edit_field).to_be_focused()
    alice.page.keyboard.type(" и два")
    alice.page.keyboard.press("Enter")
    expect(alice.chat.finished_answer).to_have_text(re.compile("раз и два"))
    expect(alice.chat.composer).to_be_focused()


def test_an_edit_outlives_an_expired_session(alice):
    talk(alice, "раз")
    url = alice.page.url
    cookies = alice.context.cookies()
    asked = question(alice.page)
    asked.item.hover()
    asked.edit_link.click()
    expect(asked.edit_field).to_be_focused()
    asked.edit_field.fill("не потеряйся")
    alice.context.clear_cookies(name="sessionid")
    asked.edit_field.press("Enter")
    expect(alice.page).to_have_title("Вход — Gemini")
    alice.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])
    alice.page.goto(url)
    asked.item.hover()
    asked.edit_link.click()
    expect(asked.edit_field).to_have_value("не потеряйся")


def test_a_stale_tab_is_told_that_an_answer_is_being_written(alice):
    talk(alice, "раз")
    stale, url = alice.page, alice.page.url
    alice.open_tab()
    alice.page.goto(url)
    alice.chat.send("[[words 200]] [[pace 0.05]]")
    expect(alice.chat.answer).to_contain_text("слово3")
    expect(answer(alice.page, 0).again).to_be_hidden()
    answer(stale).regenerate()
    expect(stale.get_by_role("alert").get_by_text("Предыдущий ответ ещё пишется.")).to_be_visible()
    expect(stale.locator(".message")).to_have_count(2)
    alice.chat.stop()
    alice.forgive("409")


def test_without_javascript_a_conversation_is_edited_asked_again_and_turned(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill("[[echo]] раз")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer).to_contain_text("раз")
    question(reader.page).edit_link.click()
    expect(reader.page).to_have_title("Сообщение в других словах — Gemini")
    question(reader.page).edit_field.fill("[[echo]] иначе")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer).to_contain_text("иначе")
    answer(reader.page).again.click()
    expect(answer(reader.page).variants).to_have_accessible_name("Вариант 2 из 2")
    expect(reader.chat.finished_answer).to_contain_text("иначе")
    question(reader.page).previous.click()
    expect(reader.chat.finished_answer).to_contain_text("раз")
    expect(question(reader.page).variants).to_have_accessible_name("Вариант 1 из 2")


def test_without_javascript_a_cut_answer_goes_on(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill(f"{reader.name} [[words 40]] [[fail max-tokens x1]]")
    reader.page.get_by_role("button", name="Отправить").click()
    reader.page.get_by_role("button", name="Продолжить").click()
    expect(reader.chat.finished_answer).to_contain_text("слово40")
