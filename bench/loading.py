"""A chat of twenty messages in Chromium: what is transferred, and when its composer can be written in."""

import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from bench import reading, targets
from bench.figures import Figure
from bench.machine import median
from e2e import chromium
from e2e.test_budgets import Load, weigh
from tests.processes import Emulator, Server


def measure(upstream: Emulator, *, quick: bool) -> Iterator[Figure]:
    with targets.server(upstream) as server, sync_playwright() as playwright:
        key, chats = reading.seed(server, 10, 20)
        browser = chromium.launch(playwright)
        url = f"{server.url}/gemini/chat/{chats[0]}/"
        loads = [visited(browser, server, key, url) for _ in range(3 if quick else 9)]
        browser.close()
    cold, warm = loads[-1][0], loads[-1][2]
    yield Figure("Cold: requests", len(cold.requests), "", most=14)
    yield Figure("Cold: transferred in all", cold.total / 1024, "KiB", most=60)
    yield Figure("Cold: of it script", cold.bytes.get("Script", 0) / 1024, "KiB", most=25)
    yield Figure("Cold: composer usable after", median(seconds for _, seconds, _, _ in loads), "s", most=0.4)
    yield Figure("Warm: requests", len(warm.requests), "", most=3)
    yield Figure("Warm: transferred in all", warm.total / 1024, "KiB")
    yield Figure("Warm: composer usable after", median(seconds for *_, seconds in loads), "s")


def visited(browser: Browser, server: Server, key: str, url: str) -> tuple[Load, float, Load, float]:
    """By a browser that was never here, and once more: weight and seconds of each."""
    loads, seconds = [], []
    for clock in (True, False):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "sessionid", "value": key, "url": server.url}])
        page = context.new_page()
        for _ in range(2):
            (seconds if clock else loads).append(usable_after(page, url) if clock else weigh(page, url))
        context.close()
    return loads[0], seconds[0], loads[1], seconds[1]


def usable_after(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url, wait_until="domcontentloaded")
    page.get_by_label("Сообщение", exact=True).fill("Привет")
    return time.perf_counter() - began
