import pytest
from playwright.sync_api import expect

from e2e.messages import answer, copied, question


@pytest.fixture
def copier(alice):
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return alice


def test_an_answer_is_copied_as_it_reads_and_as_markdown(copier):
    copier.chat.begin("[[echo]] **жирно** и `код`")
    expect(copier.chat.finished_answer).to_be_visible()
    assert answer(copier.page).copy() == "жирно и код"
    expect(copier.page.get_by_role("status").get_by_text("Скопировано")).to_be_attached()
    assert answer(copier.page).copy("Копировать как Markdown") == "**жирно** и `код`"
    assert "[[echo]] **жирно**" in question(copier.page).copy()


def test_code_has_its_language_and_a_button_that_copies_it_alone(copier):
    copier.chat.begin("Напиши пример на Python")
    block = copier.chat.finished_answer.locator(".code-block")
    expect(block).to_contain_text("Python")
    code = copied(block.get_by_role("button", name="Копировать"))
    assert code.startswith("def fibonacci")
    assert code.endswith("print(fibonacci(10))")
    text = answer(copier.page).copy()
    assert "fibonacci" in text
    assert "Копировать" not in text
    copier.page.reload()
    expect(block.get_by_role("button", name="Копировать")).to_have_count(1)


def test_without_javascript_the_text_has_its_own_address(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill("[[echo]] **жирно**")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer).to_be_visible()
    answer(reader.page).item.get_by_role("link", name="Копировать", exact=True).click()
    assert reader.page.url.endswith("/text/")
    assert reader.page.locator("body").inner_text() == "**жирно**"
    # The browser looks for an icon beside what is no page.
    reader.forgive("404")


def test_the_composer_stops_what_is_being_written_and_what_is_typed_meanwhile_stays(alice):
    alice.chat.begin("[[words 400]] [[pace 0.05]]")
    send = alice.page.get_by_role("button", name="Отправить")
    expect(alice.page.get_by_role("button", name="Остановить")).to_be_visible()
    expect(send).to_be_hidden()
    alice.chat.composer.fill("Пока пишу")
    alice.chat.stop()
    expect(alice.page.get_by_text("Ответ остановлен.")).to_be_visible()
    expect(send).to_be_visible()
    expect(alice.chat.composer).to_have_value("Пока пишу")
    expect(alice.chat.composer).to_be_focused()


def test_escape_stops_the_answer_but_not_where_something_else_wants_it(alice):
    alice.chat.begin("[[words 400]] [[pace 0.3]]")
    expect(alice.chat.answer).to_contain_text("слово3")
    alice.page.get_by_role("link", name="Переименовать").click()
    # Until htmx knows the new form, its «Отмена» is a plain link and loads the page.
    expect(alice.page.get_by_label("Название чата")).to_be_focused()
    alice.page.get_by_label("Название чата").press("Escape")
    expect(alice.page.get_by_role("link", name="Переименовать")).to_be_focused()
    alice.page.get_by_label("Меню пользователя").click()
    alice.page.keyboard.press("Escape")
    expect(alice.chat.answer).to_have_attribute("data-state", "generating")
    alice.chat.composer.focus()
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_text("Ответ остановлен.")).to_be_visible()
    expect(alice.chat.composer).to_be_focused()


@pytest.mark.parametrize(
    ("command", "step"),
    [
        ("[[fail key]]", "К настройкам ключа"),
        ("[[fail 404]]", "Выбрать другую модель"),
        ("[[fail 429-day]]", "Другой ключ или модель"),
        ("[[fail blocked]]", "Изменить вопрос"),
    ],
)
def test_a_failure_offers_the_step_that_helps(alice, command, step):
    alice.chat.begin(command)
    expect(alice.chat.answer.get_by_role("link", name=step)).to_be_visible()
    expect(alice.chat.answer.get_by_role("button", name="Повторить")).to_be_visible()


def test_a_quota_says_until_when(alice):
    alice.chat.begin("[[fail 429-day]]")
    expect(alice.chat.answer).to_contain_text("Повторить можно с")


def test_a_refused_question_is_edited_where_it_stands(alice):
    alice.chat.begin("[[fail blocked]]")
    alice.page.get_by_role("link", name="Изменить вопрос").click()
    question(alice.page).rewrite("[[echo]] можно")
    expect(alice.chat.finished_answer).to_contain_text("можно")
    expect(alice.chat.messages).to_have_count(2)


def test_on_a_phone_the_buttons_are_there_without_a_pointer_and_large_enough(person):
    reader = person("phone", has_touch=True, is_mobile=True)
    reader.page.set_viewport_size({"width": 390, "height": 844})
    reader.chat.open_new()
    reader.chat.composer.fill("[[echo]] раз")
    reader.chat.composer.press("Enter")
    assert reader.chat.composer.input_value() == "[[echo]] раз\n"
    reader.page.get_by_role("button", name="Отправить").tap()
    expect(reader.chat.finished_answer).to_be_visible()
    for button in (question(reader.page).edit_link, answer(reader.page).again):
        assert button.evaluate("element => getComputedStyle(element).opacity") == "1"
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
