from playwright.sync_api import expect


def test_a_chat_works_without_javascript_from_the_first_message_to_its_deletion(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill("[[words 40]] [[pace 0.05]]")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.chat.finished_answer).to_contain_text("слово40")
    reader.page.get_by_role("link", name="Переименовать").click()
    reader.page.get_by_label("Название чата").fill("Без скриптов")
    reader.page.get_by_role("button", name="Сохранить").click()
    expect(reader.chat.title).to_have_text("Без скриптов")
    reader.page.get_by_label("Действия с чатом", exact=True).click()
    reader.page.get_by_role("button", name="Удалить чат").click()
    expect(reader.page.get_by_text("удалён")).to_be_visible()


def test_while_an_answer_runs_the_page_refreshes_itself_and_hides_the_composer(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    reader.chat.composer.fill("[[words 60]] [[pace 0.25]]")
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.page.get_by_role("button", name="Остановить")).to_be_visible()
    expect(reader.chat.composer).to_be_hidden()
    reader.page.get_by_role("button", name="Остановить").click()
    expect(reader.page.get_by_text("Ответ остановлен.")).to_be_visible()
    expect(reader.chat.composer).to_be_visible()
    reader.page.get_by_role("button", name="Повторить").click()
    expect(reader.page.get_by_role("button", name="Остановить")).to_be_visible()


def test_a_refused_message_keeps_its_text_without_javascript(person):
    reader = person("plain", java_script_enabled=False)
    reader.chat.open_new()
    long = "я" * 32_001
    reader.chat.composer.fill(long)
    reader.page.get_by_role("button", name="Отправить").click()
    expect(reader.page.get_by_text("Сообщение длиннее 32 000 символов")).to_be_visible()
    assert reader.chat.composer.input_value() == long
    reader.forgive("422")


def test_settings_are_saved_and_the_key_is_tested_without_javascript(person):
    reader = person("plain", java_script_enabled=False)
    reader.page.goto(f"{reader.url}/gemini/settings/")
    reader.page.get_by_label("Ключ API").fill("test-0123456789-abcd")
    reader.page.get_by_role("button", name="Проверить ключ").click()
    expect(reader.page.get_by_text("Подключение к Gemini API успешно установлено")).to_be_visible()
    reader.page.get_by_label("Ключ API").fill("test-0123456789-abcd")
    reader.page.get_by_role("button", name="Сохранить").click()
    expect(reader.page.get_by_text("…abcd")).to_be_visible()
    assert "test-0123456789" not in reader.page.content()
