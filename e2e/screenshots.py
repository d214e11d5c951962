"""Draws docs/screenshots from the running product: `make screenshots`. The emulator answers with the demo's texts.

Names of states as arguments draw these alone: `python -m e2e.screenshots chat keys-dialog`.
"""

import sys
from itertools import cycle

from playwright.sync_api import Browser, Page, sync_playwright

from e2e import chromium
from e2e.person import Person
from e2e.states import STATES, State
from tests.google_oauth.emulator import Google
from tests.processes import ROOT, Emulator, Server
from tests.services import SourceEmulators

FOLDER = ROOT / "docs" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
NAMES = cycle("olga anton vera gleb maria pavel nina igor daria oleg".split())


def shoot(page: Page, name: str) -> None:
    """One picture for each theme and width."""
    for theme in ("light", "dark"):
        for size, viewport in (("wide", WIDE), ("narrow", NARROW)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(viewport)
            page.wait_for_timeout(150)
            page.screenshot(path=FOLDER / f"{name}-{size}-{theme}.png")


def visit(browser: Browser, server: Server, state: State, name: str) -> None:
    context = browser.new_context(locale="ru-RU", viewport=WIDE, reduced_motion="reduce")
    someone = Person(context, server.url, name)
    if state.signed_in:
        someone.sign_in_with(server.sign_in(name)[0])
    someone.open_tab()
    state.reach(someone)
    shoot(someone.page, state.name)
    context.close()


def main(wanted: set[str]) -> None:
    states = [state for state in STATES if not wanted or state.name in wanted]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png") if not wanted else ():
        old.unlink()
    with (
        Emulator(pace=0.02) as emulator,
        SourceEmulators() as sources,
        Google() as google,
        Server(emulator, **sources.environment, **google.settings) as server,
        sync_playwright() as playwright,
    ):
        browser = chromium.launch(playwright)
        for number, state in enumerate(states):
            # Each state is reached by somebody new, and nobody's name is taken twice.
            name = next(NAMES)
            visit(browser, server, state, name if number < 10 else f"{name}{number // 10 + 1}")
        browser.close()


if __name__ == "__main__":
    main(set(sys.argv[1:]))
