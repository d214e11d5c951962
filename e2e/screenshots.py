"""Draws docs/screenshots from the running product: `make screenshots`. The demo model answers, as after `make run`."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from e2e import chromium
from e2e.pages import AccountPages, ChatPage, DashboardPage
from tests.processes import ROOT, Server

FOLDER = ROOT / "docs" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def shoot(page: Page, name: str) -> None:
    """One picture for each theme and width."""
    for theme in ("light", "dark"):
        for size, viewport in (("wide", WIDE), ("narrow", NARROW)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(viewport)
            page.wait_for_timeout(150)
            page.screenshot(path=FOLDER / f"{name}-{size}-{theme}.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)


def walk(browser: Browser, url: str) -> None:
    page = browser.new_context(locale="ru-RU", viewport=WIDE, reduced_motion="reduce").new_page()
    chat, dashboard, account = ChatPage(page, url), DashboardPage(page, url), AccountPages(page, url)
    page.goto(f"{url}/accounts/signup/")
    shoot(page, "signup")
    account.sign_up("olga", "Дождь-в-Минске-7")
    shoot(page, "dashboard-empty")
    for question in ("Составь план запуска", "Напиши пример на Python", "Сколько стоит 100 рублей в долларах"):
        chat.begin(question)
        expect(chat.finished_answer).to_be_visible()
    chat.begin("Сравни вклады в таблице")
    expect(chat.finished_answer).to_be_visible()
    chat.send("Покажи формулу корней уравнения")
    expect(chat.answers).to_have_count(2)
    expect(chat.finished_answer).to_contain_text("дискриминант")
    page.reload()
    shoot(page, "chat")
    chat.send("[[fail 429-day]] Ещё один вопрос")
    expect(page.get_by_text("Исчерпана квота")).to_be_visible()
    shoot(page, "chat-failed")
    chat.begin("Расскажи подробно [[pace 0.1]]")
    expect(chat.answer).to_contain_text("Второй абзац")
    shoot(page, "chat-streaming")
    chat.stop()
    dashboard.open()
    shoot(page, "dashboard")
    page.goto(f"{url}/gemini/settings/")
    shoot(page, "settings")
    page.goto(f"{url}/nothing/")
    shoot(page, "not-found")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in Path(FOLDER).glob("*.png"):
        old.unlink()
    with Server(None, GEMINI_DEMO="auto") as server, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        walk(browser, server.url)
        browser.close()


if __name__ == "__main__":
    main()
