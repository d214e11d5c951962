"""The stand-in's consent page, the calendar and the page of linked accounts, as a person uses them."""

from playwright.sync_api import Locator, Page


class GooglePages:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def choose(self, email: str, *, button: str = "Разрешить", calendar: bool = True) -> None:
        """At Google: who one is, what one allows, and whether at all."""
        self.page.get_by_label("Другой адрес").first.check()
        self.page.get_by_role("textbox", name="Другой адрес").fill(email)
        scope = self.page.get_by_label("Просматривать события")
        if not calendar:
            scope.uncheck()
        self.page.get_by_role("button", name=button).click()

    def enter(self) -> None:
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.get_by_role("button", name="Войти через Google").click()

    def open_links(self) -> None:
        self.page.goto(f"{self.url}/gemini/")
        self.page.get_by_label("Меню пользователя").click()
        self.page.get_by_role("link", name="Вход через Google").click()


class CalendarPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.url}/calendar/{query}")

    def connect(self) -> None:
        self.page.get_by_role("button", name="Подключить").click()

    def disconnect(self) -> None:
        self.page.get_by_role("button", name="Отключить календарь").click()

    def analyze(self, question: str = "") -> None:
        self.page.get_by_label("Что узнать").fill(question)
        self.page.get_by_role("button", name="Проанализировать").click()

    @property
    def period(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def event(self, title: str) -> Locator:
        return self.page.locator(".event").filter(has_text=title)
