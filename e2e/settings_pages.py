"""The settings, the prompts and the sign-ins as a person sees them."""

from playwright.sync_api import Locator, Page, expect


class SettingsPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> None:
        self.page.goto(f"{self.url}/gemini/settings/")

    @property
    def key(self) -> Locator:
        return self.page.get_by_label("Ключ API")

    @property
    def model(self) -> Locator:
        return self.page.get_by_role("combobox", name="Модель")

    @property
    def facts(self) -> Locator:
        return self.page.locator("#model-facts")

    def name_model(self, name: str) -> None:
        self.page.get_by_text("Ввести другое имя").click()
        self.page.get_by_label("Имя модели").fill(name)

    def test_key(self) -> None:
        self.page.get_by_role("button", name="Проверить ключ").click()

    @property
    def verdict(self) -> Locator:
        return self.page.locator("#key-test")

    def save(self) -> None:
        self.page.get_by_role("button", name="Сохранить").last.click()


class ChatSettings:
    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def opener(self) -> Locator:
        return self.page.get_by_role("link", name="Настройки чата, модель")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Настройки этого чата")


class PromptLibrary:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> None:
        self.page.goto(f"{self.url}/gemini/prompts/")

    def add(self, name: str, text: str) -> None:
        self.page.goto(f"{self.url}/gemini/prompts/new/")
        self.page.get_by_label("Название").fill(name)
        self.page.get_by_label("Текст").fill(text)
        self.page.get_by_role("button", name="Сохранить").last.click()

    def prompt(self, name: str) -> Locator:
        return self.page.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name=name))

    def summon(self) -> None:
        """By the slash that begins an empty message; elsewhere it is no message's."""
        expect(self.page.get_by_label("Сообщение", exact=True)).to_be_focused()
        self.page.keyboard.press("/")

    @property
    def options(self) -> Locator:
        return self.page.get_by_role("listbox", name="Заготовки").get_by_role("option")

    @property
    def chosen(self) -> Locator:
        return self.page.get_by_role("option", selected=True)
