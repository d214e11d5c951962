import json

import pytest
from playwright.sync_api import expect

from e2e.usage_pages import TransferPages


@pytest.fixture
def files(alice):
    return TransferPages(alice.page, alice.url)


def test_a_chat_goes_out_as_a_file_and_comes_back_whole(alice, files):
    session = alice.chat.begin("Составь план запуска")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.chat.rename("План: запуск")
    expect(alice.chat.title).to_have_text("План: запуск")
    answer = alice.chat.finished_answer.inner_text()
    files.open_menu()
    kept = files.save("Сохранить как JSON")
    assert kept.name == "План запуск.json"
    files.bring(kept)
    expect(alice.page.get_by_text("пропущено, потому что уже есть: 1")).to_be_visible()
    files.bring(kept, copies=True)
    expect(alice.page.get_by_text("Добавлен 1 чат, сообщений: 2.")).to_be_visible()
    assert alice.chat.session_id != session
    expect(alice.chat.title).to_have_text("План: запуск")
    assert alice.chat.finished_answer.inner_text() == answer


def test_markdown_and_the_page_to_print_hold_what_was_said(alice, files):
    alice.chat.begin("Сравни вклады в таблице")
    expect(alice.chat.finished_answer).to_be_visible()
    files.open_menu()
    text = files.save("Сохранить как Markdown").read_text()
    assert "## Вы · " in text
    assert "## Gemini · " in text
    files.open_menu()
    alice.page.get_by_role("link", name="Для печати").click()
    expect(alice.page.get_by_role("heading", name="Gemini", level=2)).to_be_visible()
    assert alice.page.locator("script").count() == 0
    alice.page.emulate_media(media="print", color_scheme="dark")
    assert alice.page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 34, 48)"
    expect(alice.page.get_by_role("link", name="К чату")).to_be_hidden()


def test_everything_goes_to_another_account_without_javascript(person):
    alice, bob = person("alice", java_script_enabled=False), person("bob", java_script_enabled=False)
    alice.chat.open_new()
    alice.chat.composer.fill("Вопрос Алисы")
    alice.page.get_by_role("button", name="Отправить").click()
    expect(alice.chat.finished_answer).to_be_visible()
    alice.page.goto(f"{alice.url}/gemini/export/")
    kept = TransferPages(alice.page, alice.url).save("Скачать всё (.json)")
    archive = TransferPages(alice.page, alice.url).save("Скачать тексты (.zip с .md)")
    assert archive.suffix == ".zip"
    assert "server-key" not in kept.read_text()
    TransferPages(bob.page, bob.url).bring(kept)
    expect(bob.page.get_by_text("Добавлен 1 чат")).to_be_visible()
    expect(bob.chat.messages.first).to_contain_text("Вопрос Алисы")


def test_a_spoilt_file_is_refused_with_the_place_of_the_fault(alice, files):
    alice.chat.begin("Вопрос")
    expect(alice.chat.finished_answer).to_be_visible()
    files.open_menu()
    content = json.loads(files.save("Сохранить как JSON").read_text())
    content["chats"][0]["messages"][1]["role"] = "root"
    files.bring({"name": "x.json", "mimeType": "application/json", "buffer": json.dumps(content).encode()})
    expect(alice.page.get_by_role("alert").first).to_contain_text("chats[1].messages[2].role")
    alice.forgive("422")


def test_the_keyboard_alone_exports_and_imports(alice, files):
    alice.chat.begin("Вопрос")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.page.get_by_label("Действия с чатом").focus()
    alice.page.keyboard.press("Enter")
    # Past pinning and archiving.
    for _ in range(3):
        alice.page.keyboard.press("Tab")
    expect(alice.page.get_by_role("link", name="Сохранить как Markdown")).to_be_focused()
    with alice.page.expect_download() as waited:
        alice.page.keyboard.press("Enter")
    assert waited.value.suggested_filename.endswith(".md")
    alice.page.goto(f"{alice.url}/gemini/import/")
    alice.page.get_by_label("Файл выгрузки").focus()
    alice.page.keyboard.press("Tab")
    expect(alice.page.get_by_label("пропустить")).to_be_focused()
    alice.page.keyboard.press("ArrowDown")
    expect(alice.page.get_by_label("добавить ещё раз")).to_be_checked()


def test_bob_cannot_export_what_is_alices(person):
    alice, bob = person("alice"), person("bob")
    session = alice.chat.begin("Тайна")
    for ending in ("md", "json", "html"):
        assert bob.page.goto(f"{bob.url}/gemini/chat/{session}.{ending}").status == 404
    bob.forgive("404")
