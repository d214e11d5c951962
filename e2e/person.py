"""Somebody with a browser of their own."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from e2e.pages import AccountPages, ChatPage, DashboardPage

LOOPBACK = ("127.0.0.1", "localhost")


@dataclass
class Person:
    """One browser with one session; `complaints` collects what its console said, `requests` what it asked for."""

    context: BrowserContext
    url: str
    name: str
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "request", lambda request: self.requests.append(f"{request.resource_type} {request.method} {request.url}")
        )
        self.page = page
        self.chat, self.dashboard = ChatPage(page, self.url), DashboardPage(page, self.url)
        self.account = AccountPages(page, self.url)
        return page

    def sign_in_with(self, key: str) -> None:
        self.context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def requested(self, kind: str) -> list[str]:
        return [request for request in self.requests if request.startswith(kind)]

    def foreign(self) -> list[str]:
        """What was asked of another machine than this one: no page of ours loads or tells anything elsewhere."""
        urls = [request.split(" ", 2)[2] for request in self.requests]
        return [url for url in urls if url.startswith(("http", "ws")) and urlsplit(url).hostname not in LOOPBACK]

    def forgive(self, *words: str) -> None:
        """Names complaints that a scene provokes on purpose, whenever they come."""
        self.forgiven += words

    def unforgiven(self) -> list[str]:
        return [text for text in self.complaints if not any(word in text for word in self.forgiven)]
