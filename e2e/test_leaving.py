"""Somebody takes all of theirs along, and goes."""

import zipfile

import pytest
from playwright.sync_api import Page, expect

from e2e.usage_pages import TransferPages

PASSWORD = "correct-horse-7"


def open_account(someone) -> Page:
    someone.go("/accounts/")
    return someone.page


@pytest.mark.parametrize("java_script", [True, False], ids=["with-javascript", "without"])
def test_all_data_are_taken_along_and_the_account_ends_for_good(person, java_script):
    alice = person("leaver", signed_in=False, java_script_enabled=java_script)
    alice.account.sign_up(alice.name, PASSWORD)
    alice.chat.open_new()
    alice.chat.composer.fill("Вопрос перед уходом")
    alice.page.get_by_role("button", name="Отправить").click()
    expect(alice.chat.finished_answer).to_be_visible()

    open_account(alice)
    archive = zipfile.ZipFile(TransferPages(alice.page, alice.url).save("Скачать все мои данные"))
    assert "Вопрос перед уходом" in archive.read("chats.json").decode()
    assert alice.name in archive.read("account.json").decode()

    alice.page.get_by_role("link", name="Удалить учётную запись").click()
    expect(alice.page.get_by_text("вернуть это нельзя")).to_be_visible()
    erase(alice.page, "кто-то другой", PASSWORD)
    expect(alice.page.get_by_text("Это не ваше имя пользователя.")).to_be_visible()
    erase(alice.page, alice.name, PASSWORD)
    expect(alice.page.get_by_text("Учётная запись и всё, что в ней было, удалены.")).to_be_visible()

    alice.account.sign_in(alice.name, PASSWORD)
    expect(alice.page.get_by_role("alert").first).to_be_visible()
    alice.forgive("422")


def erase(page: Page, name: str, password: str) -> None:
    page.get_by_label("Имя пользователя").fill(name)
    page.get_by_label("Текущий пароль").fill(password)
    page.get_by_role("button", name="Удалить навсегда").click()
