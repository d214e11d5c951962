"""Every page and state for those who do not see it well: both themes, wide and narrow, and on a small phone."""

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from e2e.person import Person
from e2e.states import STATES, State
from tests.processes import Server

GRAVE = {"serious", "critical"}
SIZES = [(1280, 800), (390, 844)]
# All that axe knows, and in the dark only what a theme changes.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
TARGET = 44
# What is pressed, as far as it stands for itself: a link within a sentence is as high as its line.
TOO_SMALL = """least => [...document.querySelectorAll(
    "button, .button, summary, select, textarea, input:not([type=hidden]), nav a, .menu__items a"
  )].map(element => element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element)
  .filter(element => element.checkVisibility({ visibilityProperty: true }) && element.offsetWidth > 1)
  .filter(element => !element.closest("[aria-hidden=true]"))
  .filter(element => element.getBoundingClientRect().height < least - 0.5)
  .map(element => `${element.outerHTML.slice(0, 90)}: ${element.getBoundingClientRect().height}`)"""


def grave(page: Page, theme: str) -> list[str]:
    """What axe holds for serious or critical: rule, element, and what would mend it."""
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary'].splitlines()[1].strip()}"
        for violation in Axe().run(page, options=RULES[theme]).response["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


def grave_in_all_views(someone: Person) -> str:
    found = []
    for theme, (width, height) in product(RULES, SIZES):
        someone.page.emulate_media(color_scheme=theme)
        someone.page.set_viewport_size({"width": width, "height": height})
        found += [f"{theme} {width}: {finding}" for finding in grave(someone.page, theme)]
    return "\n".join(found)


def hold_as_a_phone(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.context.new_cdp_session(page).send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_state_is_accessible_to_everyone(person, state: State):
    someone = person("reader", signed_in=state.signed_in, reduced_motion="reduce")
    someone.forgive(*state.forgiven)
    state.reach(someone)
    assert not (found := grave_in_all_views(someone)), found
    hold_as_a_phone(someone.page, 320)
    assert someone.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not (small := someone.page.evaluate(TOO_SMALL, TARGET)), "\n".join(small)


def test_what_is_grave_is_found(alice):
    alice.dashboard.open()
    alice.page.evaluate("document.querySelector('.nav__links a').style.color = '#999'")
    for theme in RULES:
        assert [finding.split(":")[0] for finding in grave(alice.page, theme)] == ["color-contrast"]


@pytest.mark.parametrize("demo", ["auto", "0"], ids=["demo", "no key"])
def test_a_site_without_a_key_is_accessible_too(browser, demo):
    with (
        Server(None, GEMINI_DEMO=demo) as server,
        browser.new_context(locale="ru-RU", reduced_motion="reduce") as context,
    ):
        someone = Person(context, server.url, "vera")
        someone.sign_in_with(server.sign_in("vera")[0])
        someone.open_tab()
        someone.dashboard.open()
        assert not (found := grave_in_all_views(someone)), found
