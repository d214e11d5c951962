"""The list of chats, its search and the trash as a person uses them."""

from playwright.sync_api import Locator, Page


class ListPage:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.url}/gemini/{query}")

    def row(self, title: str) -> Locator:
        return self.page.locator("li.session").filter(has_text=title)

    @property
    def titles(self) -> list[str]:
        return self.page.locator(".session__title").all_inner_texts()

    @property
    def search(self) -> Locator:
        return self.page.get_by_role("searchbox", name="Искать в чатах")

    @property
    def hits(self) -> Locator:
        return self.page.locator(".hit")

    def act(self, title: str, action: str) -> None:
        """One of the actions in a row's menu."""
        self.row(title).get_by_label("Действия с чатом").click()
        self.row(title).get_by_role("button", name=action, exact=True).click()

    def select(self, *titles: str) -> None:
        for title in titles:
            self.page.get_by_role("checkbox", name=f"Выбрать чат «{title}»").check()

    @property
    def selected(self) -> Locator:
        return self.page.get_by_role("group", name="С выбранными чатами")

    def undo(self) -> None:
        self.page.get_by_role("button", name="Вернуть", exact=True).first.click()

    def act_on_open_chat(self, action: str) -> None:
        self.page.get_by_label("Действия с чатом", exact=True).click()
        self.page.get_by_role("button", name=action, exact=True).click()


SEED = """
import sys, json, django
django.setup()
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from gemini.models import ChatMessage, ChatSession
user, _ = get_user_model().objects.get_or_create(username=sys.argv[1])
for number, (title, text) in enumerate(json.loads(sys.argv[2])):
    session = ChatSession.objects.create(user=user, title=title)
    ChatMessage.objects.create(session=session, role="user", content=text)
    ChatSession.objects.filter(pk=session.pk).update(updated_at=timezone.now() - timedelta(minutes=number))
"""
