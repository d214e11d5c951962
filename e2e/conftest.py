"""A real Chromium against the real server and the emulator, all of them processes.

Any error in the console, any exception in a page and any violation of the Content-Security-Policy fails the scene.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from e2e import chromium
from e2e.google_pages import CalendarPage, GooglePages
from e2e.order_scene import keeper  # noqa: F401
from e2e.person import Person
from tests import second_try
from tests.google_oauth.emulator import Google
from tests.processes import ROOT, Emulator, Server
from tests.services import SourceEmulators

RESULTS = ROOT / "test-results"
GOOGLES_SECRETS = re.compile(r"ya29\.|1//0|4/0")
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    second_try.give(items)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(pace=0.03, first_token=0.1) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def sources() -> Iterator[SourceEmulators]:
    with SourceEmulators() as sources:
        yield sources


@pytest.fixture(scope="session")
def google() -> Iterator[Google]:
    with Google() as google:
        yield google


@pytest.fixture(scope="session")
def server(emulator: Emulator, sources: SourceEmulators, google: Google) -> Iterator[Server]:
    # A failure of one scene is not remembered in the next.
    with Server(emulator, NBRB_PAUSE_SECONDS="0", **sources.environment, **google.settings) as server:
        yield server
        assert "Traceback" not in server.log(), server.log()
        assert not GOOGLES_SECRETS.search(server.log())


@pytest.fixture(autouse=True)
def answering(sources: SourceEmulators, google: Google) -> None:
    """Whatever a scene told them to do, the next one finds them well."""
    sources.reset()
    google.reset()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def person(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def come(name: str, signed_in: bool = True, **options: object) -> Person:
        context = browser.new_context(**{"locale": "ru-RU", "viewport": {"width": 1280, "height": 800}, **options})
        someone = Person(context, server.url, f"{name}-{abs(hash(request.node.nodeid)) % 10**8}")
        if signed_in:
            [key] = server.sign_in(someone.name)
            someone.sign_in_with(key)
        someone.open_tab()
        people.append(someone)
        return someone

    yield come
    for someone in people:
        if getattr(request.node, "failed", False):
            picture(someone, RESULTS / f"{request.node.name}-{someone.name}.png")
        someone.context.close()
    assert not [complaint for someone in people for complaint in someone.unforgiven()]
    assert not [url for someone in people for url in someone.foreign()]


@pytest.fixture
def alice(person: Callable[..., Person]) -> Person:
    return person("alice")


@pytest.fixture
def visitor(person: Callable[..., Person]) -> Callable[..., Person]:
    """Somebody with a Google account of their own."""

    def come(name: str, **options: object) -> Person:
        someone = person(name, **options)
        someone.google = GooglePages(someone.page, someone.url)
        someone.calendar = CalendarPage(someone.page, someone.url)
        someone.email = f"{name}.{uuid.uuid4().hex[:8]}@example.com"
        return someone

    return come


@pytest.fixture
def connected(visitor: Callable[..., Person]) -> Callable[..., Person]:
    """Somebody whose calendar is connected, before it."""

    def come(name: str, query: str = "", **options: object) -> Person:
        someone = visitor(name, **options)
        someone.calendar.open()
        someone.calendar.connect()
        someone.google.choose(someone.email)
        someone.calendar.open(query)
        return someone

    return come


def picture(someone: Person, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    someone.page.screenshot(path=file)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.failed = report.failed  # type: ignore[attr-defined]
    return report
