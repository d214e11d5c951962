"""The pages of rates and vacancies, and the way to attach data, as a person uses them."""

from playwright.sync_api import Locator, Page, expect


class RatesPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> None:
        self.page.goto(f"{self.url}/gemini/")
        self.page.get_by_role("navigation", name="Основная навигация").get_by_role("link", name="Курсы").click()

    def convert(self, amount: str, source: str, target: str) -> None:
        self.page.get_by_label("Из", exact=True).select_option(source)
        self.page.get_by_label("В", exact=True).select_option(target)
        self.page.get_by_label("Сумма").fill(amount)
        self.page.get_by_role("button", name="Пересчитать").click()

    @property
    def result(self) -> Locator:
        return self.page.locator(".conversion")

    @property
    def table(self) -> Locator:
        return self.page.get_by_role("region", name="Все курсы", exact=True).last

    @property
    def chart(self) -> Locator:
        return self.page.get_by_role("img", name="Линия курса")


class Attaching:
    """In the composer of a chat."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def menu(self) -> Locator:
        return self.page.locator(".attach__menu > summary")

    def pick(self, title: str) -> None:
        self.menu.click()
        self.page.get_by_role("button", name=title, exact=True).click()
        expect(self.page.get_by_role("group", name=title)).to_be_visible()

    def add(self) -> None:
        before = self.chips.count()
        self.page.get_by_role("button", name="Приложить").click()
        expect(self.chips).to_have_count(before + 1)

    @property
    def chips(self) -> Locator:
        return self.page.get_by_role("list", name="Приложено к сообщению").get_by_role("checkbox")

    @property
    def under_the_message(self) -> Locator:
        return self.page.get_by_role("list", name="Приложенные данные").last
