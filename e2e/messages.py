"""A message as a person handles it: verbs and locators, by role and label."""

from playwright.sync_api import Locator, Page, expect

from tests.processes import wait_until


class Message:
    def __init__(self, item: Locator) -> None:
        self.item = item
        self.page: Page = item.page

    @property
    def edit_link(self) -> Locator:
        return self.item.get_by_role("link", name="Изменить и отправить заново")

    @property
    def edit_field(self) -> Locator:
        return self.page.get_by_label("Сообщение в других словах")

    @property
    def again(self) -> Locator:
        return self.item.get_by_role("button", name="Ответить заново")

    @property
    def variants(self) -> Locator:
        return self.item.get_by_role("group")

    @property
    def previous(self) -> Locator:
        return self.item.get_by_role("button", name="Предыдущий вариант")

    @property
    def next(self) -> Locator:
        return self.item.get_by_role("button", name="Следующий вариант")

    def edit(self, text: str) -> None:
        self.item.hover()
        self.edit_link.click()
        self.rewrite(text)

    def rewrite(self, text: str) -> None:
        """In the open form, whose caret is put to the end of the text first."""
        expect(self.edit_field).to_be_focused()
        self.edit_field.fill(text)
        self.edit_field.press("Enter")

    def regenerate(self) -> None:
        self.item.hover()
        self.again.click()

    def copy(self, what: str = "Копировать") -> str:
        """What the clipboard holds afterwards."""
        self.item.hover()
        return copied(self.item.get_by_role("link", name=what, exact=True))


def copied(button: Locator) -> str:
    """What a button puts into the clipboard, which is emptied first: its last words are no sign of the next."""
    held: list[str] = []
    button.page.evaluate("navigator.clipboard.writeText('')")
    button.click()

    def arrived() -> bool:
        held[:] = [button.page.evaluate("navigator.clipboard.readText()")]
        return bool(held[0])

    wait_until(arrived, 10)
    return held[0]


def question(page: Page, number: int = 0) -> Message:
    return Message(page.locator(".message--user").nth(number))


def answer(page: Page, number: int = -1) -> Message:
    return Message(page.locator(".message--assistant").nth(number))
