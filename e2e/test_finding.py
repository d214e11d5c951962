import re

from playwright.sync_api import expect


def test_while_one_types_the_hits_come_and_the_page_is_not_loaded(keeper):
    reader, listing = keeper()
    listing.search.press_sequentially("аренду скл")
    expect(listing.hits).to_have_count(2)
    expect(listing.hits.first.locator("mark")).to_have_text(["Аренда", "склада"])
    expect(listing.search).to_be_focused()
    expect(reader.page).to_have_url(re.compile(r"\?q=[^&]+$"))
    assert not reader.requested("document")
    assert len(reader.requested("xhr")) <= 3, "not one for every letter"


def test_a_hit_leads_to_that_very_message(keeper):
    reader, listing = keeper()
    listing.search.fill("посмотреть весна")
    listing.hits.filter(has_text="Что посмотреть").click()
    reader.page.wait_for_url(re.compile(r"/gemini/chat/\d+/\?message=(\d+)#message-\1$"))
    expect(reader.page.locator(".message:target")).to_contain_text("Что посмотреть в Гродно весной?")


def test_the_search_is_a_url_and_back_leads_to_what_was_before(keeper):
    reader, listing = keeper()
    listing.search.fill("доллар")
    expect(listing.hits).to_have_count(1)
    reader.page.reload()
    expect(listing.hits).to_have_count(1)
    expect(listing.search).to_have_value("доллар")
    reader.page.go_back()
    expect(listing.row("Поездка в Гродно")).to_be_visible()
    expect(listing.hits).to_have_count(0)


def test_signs_are_found_as_they_are_and_nothing_found_is_said(keeper):
    reader, listing = keeper()
    listing.search.fill("$5")
    expect(listing.hits.locator("mark")).to_have_text(["$5"])
    listing.search.fill('"склада большого')
    listing.search.fill('"склада большого"')
    expect(reader.page.get_by_text("Ничего не нашлось", exact=True)).to_be_visible()
    reader.page.get_by_role("link", name="Показать все чаты").click()
    expect(listing.row("Аренда склада")).to_be_visible()


def test_without_javascript_a_search_is_a_form(keeper):
    reader, listing = keeper("plain", java_script_enabled=False)
    listing.search.fill("складов")
    reader.page.get_by_role("button", name="Найти").click()
    expect(listing.hits).to_have_count(2)
    reader.page.get_by_role("link", name="Сообщения", exact=True).click()
    expect(listing.hits).to_have_count(1)


def test_by_keyboard_alone_one_searches_and_opens_the_message(keeper):
    reader, listing = keeper()
    listing.search.focus()
    reader.page.keyboard.type("гродно весной")
    expect(listing.hits).to_have_count(1)
    for _ in range(12):
        reader.page.keyboard.press("Tab")
        if listing.hits.first.evaluate("hit => hit === document.activeElement"):
            break
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(re.compile(r"message=\d+#message-\d+$"))


def test_bob_finds_nothing_of_alices(keeper):
    keeper("alice")
    _, listing = keeper("bob", chats=[("Своё", "Мой текст")])
    listing.search.fill("аренда")
    expect(listing.page.get_by_text("Ничего не нашлось", exact=True)).to_be_visible()
