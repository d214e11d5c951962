"""A real Chromium against the real server and the emulator, all of them processes.

Any error in the console, any exception in a page and any violation of the Content-Security-Policy fails the scene.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e import chromium
from e2e.pages import AccountPages, ChatPage, DashboardPage
from tests.processes import ROOT, Emulator, Server

RESULTS = ROOT / "test-results"
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(pace=0.03, first_token=0.1) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def server(emulator: Emulator) -> Iterator[Server]:
    with Server(emulator) as server:
        yield server
        assert "Traceback" not in server.log(), server.log()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


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

    def requested(self, kind: str) -> list[str]:
        return [request for request in self.requests if request.startswith(kind)]

    def forgive(self, *words: str) -> None:
        """Names complaints that a scene provokes on purpose, whenever they come."""
        self.forgiven += words

    def unforgiven(self) -> list[str]:
        return [text for text in self.complaints if not any(word in text for word in self.forgiven)]


@pytest.fixture
def person(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def come(name: str, signed_in: bool = True, **options: object) -> Person:
        context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 800}, **options)
        someone = Person(context, server.url, f"{name}-{abs(hash(request.node.nodeid)) % 10**8}")
        if signed_in:
            [key] = server.sign_in(someone.name)
            context.add_cookies([{"name": "sessionid", "value": key, "url": server.url}])
        someone.open_tab()
        people.append(someone)
        return someone

    yield come
    for someone in people:
        if getattr(request.node, "failed", False):
            picture(someone, RESULTS / f"{request.node.name}-{someone.name}.png")
        someone.context.close()
    assert not [complaint for someone in people for complaint in someone.unforgiven()]


@pytest.fixture
def alice(person: Callable[..., Person]) -> Person:
    return person("alice")


def picture(someone: Person, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    someone.page.screenshot(path=file)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.failed = report.failed  # type: ignore[attr-defined]
    return report
