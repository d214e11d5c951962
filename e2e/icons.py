"""Draws static/img/icon-*.png from mark.svg, for what takes no SVG: `python -m e2e.icons` after changing the mark."""

from playwright.sync_api import sync_playwright

from e2e import chromium
from tests.processes import ROOT

IMAGES = ROOT / "static" / "img"
# Pixels: the part of the width that the mark takes, and what is behind it. Systems cut the corners off large ones.
ICONS = {32: (1.0, "transparent"), 180: (0.72, "#f6f6f2"), 512: (0.6, "#f6f6f2")}


def main() -> None:
    mark = (IMAGES / "mark.svg").read_text()
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for size, (part, background) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f"<style>body {{ margin: 0; display: grid; place-items: center; height: 100vh }}"
                f"html {{ background: {background} }} svg {{ width: {part:.0%} }}</style>{mark}"
            )
            page.screenshot(path=IMAGES / f"icon-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
