"""A Chromium for the tests: the one on this machine, else Playwright's own, else the system's package.

`python -m e2e.chromium` makes sure that there is one; `CHROMIUM` names another executable. The headless shell comes
first: a whole browser draws toolbars that nobody sees, at a second of a core for each new window (measured: 9.5 against
1.3 s of CPU for eight).
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str | None:
    """The path of a Chromium on this machine; None leaves the choice to Playwright."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)


def starts() -> bool:
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except Exception as error:
        print(error, file=sys.stderr)  # noqa: T201
        return False
    return True


def install() -> bool:
    if starts():
        return True
    subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)
    if starts():
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False)
        for package in ("chromium-headless-shell", "chromium"):
            subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", package], check=False)
            if starts():
                return True
    return False


if __name__ == "__main__":
    sys.exit(0 if install() else "No Chromium could be started or installed: set CHROMIUM to the path of one.")
