"""The other language: chosen in the menu, kept, and spoken by everything that is shown afterwards."""

import re

from playwright.sync_api import expect

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def switch(person, menu, language):
    person.page.get_by_label(menu).click()
    person.page.get_by_role("button", name=language).click()


def assert_english(person):
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    # The words of the switch itself lead back.
    words = person.page.locator("body").inner_text().replace("Русский", "")
    assert not CYRILLIC.findall(words), words
    assert not CYRILLIC.search(person.page.title())


def walk_in_english(person):
    page = person.page
    for path, heading in (("/gemini/", "Chats"), ("/gemini/settings/", "Gemini settings"), ("/gemini/usage/", "Usage")):
        person.go(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert_english(person)


def test_a_person_switches_to_english_and_back(person):
    alice = person("alice")
    alice.dashboard.open()
    switch(alice, "Меню пользователя", "English")
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("Chats")
    walk_in_english(alice)
    switch(alice, "User menu", "Русский")
    expect(alice.page.locator("html")).to_have_attribute("lang", "ru")
    alice.dashboard.open()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("Чаты")


def test_an_answer_is_streamed_into_an_english_page(person):
    alice = person("alice")
    alice.dashboard.open()
    switch(alice, "Меню пользователя", "English")
    alice.page.get_by_role("link", name="New chat").first.click()
    alice.page.get_by_label("Message", exact=True).fill("[[words 5]] [[pace 0.1]]")
    alice.page.get_by_role("button", name="Send").click()
    expect(alice.chat.finished_answer).to_be_visible()
    expect(alice.chat.answer.get_by_role("button", name="Answer again")).to_be_visible()
    expect(alice.page.get_by_role("status").filter(has_text="The answer is ready")).to_have_count(1)
    assert not CYRILLIC.search(alice.chat.answer.locator(".message__meta").inner_text())
    expect(alice.page.locator("html")).to_have_attribute("lang", "en")


def test_a_downloaded_table_speaks_the_language_of_the_page(person):
    alice = person("alice")
    alice.chat.begin("[[words 5]]")
    expect(alice.chat.finished_answer).to_be_visible()
    switch(alice, "Меню пользователя", "English")
    for table in ("usage", "calls"):
        text = alice.page.request.get(f"{alice.url}/gemini/usage/{table}.csv").text()
        assert text.count("\n") > 1
        assert not CYRILLIC.search(text)


def test_english_works_without_javascript(person):
    reader = person("plain", java_script_enabled=False)
    reader.dashboard.open()
    switch(reader, "Меню пользователя", "English")
    walk_in_english(reader)
    reader.dashboard.open()
    reader.page.get_by_role("link", name="New chat").first.click()
    reader.page.get_by_label("Message", exact=True).fill("[[words 5]]")
    reader.page.get_by_role("button", name="Send").click()
    expect(reader.chat.finished_answer).to_contain_text("слово5")
    switch(reader, "User menu", "Русский")
    expect(reader.page.locator("html")).to_have_attribute("lang", "ru")


def test_who_signs_in_may_choose_the_language_first(person):
    visitor = person("guest", signed_in=False)
    visitor.go("/accounts/login/")
    visitor.page.get_by_role("button", name="English").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    visitor.page.get_by_label("Username or e-mail").fill("nobody")
    visitor.page.get_by_label("Password", exact=True).fill("wrong password")
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.page.get_by_role("alert").first).to_be_visible()
    assert_english(visitor)
