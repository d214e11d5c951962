"""Pages as a person sees them: verbs and locators, by role and label. What must hold is said by the tests."""

import re

from playwright.sync_api import Locator, Page


class ChatPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open_new(self) -> None:
        self.page.goto(f"{self.url}/gemini/chat/")

    def begin(self, text: str) -> int:
        """Sends the first message of a new chat; the id of the session that it made."""
        self.open_new()
        self.send(text)
        self.page.wait_for_url(re.compile(r"/gemini/chat/\d+/$"))
        return self.session_id

    def begin_plainly(self, text: str) -> None:
        """The same without JavaScript."""
        self.open_new()
        self.composer.fill(text)
        self.page.get_by_role("button", name="Отправить").click()

    @property
    def session_id(self) -> int:
        return int(self.page.url.rstrip("/").rpartition("/")[2])

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label("Сообщение", exact=True)

    def send(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log").get_by_role("listitem").and_(self.page.locator(".message"))

    @property
    def answers(self) -> Locator:
        return self.page.locator(".message--assistant")

    @property
    def answer(self) -> Locator:
        return self.answers.last

    @property
    def finished_answer(self) -> Locator:
        return self.page.locator(".message--assistant[data-state=done]").last

    def stop(self) -> None:
        self.page.get_by_role("button", name="Остановить").click()

    def retry(self) -> None:
        self.page.get_by_role("button", name="Повторить").click()

    @property
    def title(self) -> Locator:
        return self.page.locator("#main").get_by_role("heading", level=1)

    def rename(self, title: str) -> None:
        self.page.get_by_role("link", name="Переименовать").click()
        field = self.page.get_by_label("Название чата")
        field.fill(title)
        field.press("Enter")


class DashboardPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self) -> None:
        self.page.goto(f"{self.url}/gemini/")

    def session(self, title: str) -> Locator:
        return self.page.get_by_role("listitem").filter(has_text=title)

    def delete(self, title: str) -> None:
        self.session(title).get_by_label("Действия с чатом").click()
        self.session(title).get_by_role("button", name="Удалить").click()


class AccountPages:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def sign_up(self, username: str, password: str) -> None:
        self.page.goto(f"{self.url}/accounts/signup/")
        self.page.get_by_label("Имя пользователя").fill(username)
        self.page.get_by_label("Пароль", exact=True).fill(password)
        self.page.get_by_label("Пароль (ещё раз)").fill(password)
        self.page.get_by_role("button", name="Зарегистрироваться").click()

    def sign_out(self) -> None:
        self.page.get_by_label("Меню пользователя").click()
        self.page.get_by_role("button", name="Выйти").click()

    def sign_in(self, login: str, password: str) -> None:
        self.page.get_by_label("Имя пользователя или e-mail").fill(login)
        self.page.get_by_label("Пароль", exact=True).fill(password)
        self.page.get_by_role("button", name="Войти", exact=True).click()
