import pytest
from playwright.sync_api import expect


def test_a_failed_answer_says_why_and_is_retried_in_its_place(alice):
    alice.chat.begin("[[fail 429-day x1]] [[words 3]]")
    expect(alice.page.get_by_text("Исчерпана квота Gemini для этого ключа.")).to_be_visible()
    alice.chat.retry()
    expect(alice.chat.finished_answer).to_contain_text("слово3")
    expect(alice.chat.answers).to_have_count(1)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("[[fail key]]", "Неверный API ключ"),
        ("[[fail region]]", "недоступен из региона"),
        ("[[fail blocked]]", "отклонён фильтром безопасности"),
        ("[[fail empty]]", "вернул пустой ответ"),
        ("[[words 20]] [[fail cut @3]]", "Ошибка Gemini API."),
        ("[[words 20]] [[fail no-finish]]", "Ответ прерван"),
        ("[[words 20]] [[fail max-tokens]]", "Ответ достиг предела длины."),
    ],
)
def test_each_failure_has_its_own_words(alice, command, words):
    alice.chat.begin(command)
    expect(alice.chat.answer).to_contain_text(words)


def test_a_refused_key_leads_to_the_settings(alice):
    alice.chat.begin("[[fail key]]")
    alice.page.get_by_role("link", name="К настройкам ключа").click()
    expect(alice.page).to_have_title("Настройки — Gemini")


def test_without_a_connection_the_text_stays_and_a_toast_says_so(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.context.set_offline(True)
    alice.chat.send("Без связи")
    expect(alice.page.get_by_text("Нет связи с сервером")).to_be_visible()
    expect(alice.chat.composer).to_have_value("Без связи")
    expect(alice.chat.composer).to_be_enabled()
    alice.context.set_offline(False)
    alice.chat.composer.press("Enter")
    expect(alice.chat.answers).to_have_count(2)
    alice.forgive("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")


def test_an_expired_session_leads_to_the_login_page_and_back_with_the_draft(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    cookies = alice.context.cookies()
    alice.context.clear_cookies(name="sessionid")
    alice.chat.send("Не потеряйся")
    expect(alice.page).to_have_title("Вход — Gemini")
    assert "next=" in alice.page.url
    alice.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "sessionid"])
    alice.page.go_back()
    expect(alice.chat.composer).to_have_value("Не потеряйся")


def test_a_draft_outlives_a_reload_and_is_gone_once_it_is_sent(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.chat.composer.fill("недописанное")
    alice.page.reload()
    expect(alice.chat.composer).to_have_value("недописанное")
    alice.chat.composer.press("Enter")
    expect(alice.chat.answers).to_have_count(2)
    alice.page.reload()
    expect(alice.chat.composer).to_have_value("")
