"""Google on loopback, in a process of its own, and a person at its consent page."""

import re
import subprocess
import sys
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx

from google_oauth.conf import CALENDAR_SCOPE
from tests.processes import ENVIRONMENT, ROOT

CONTROL = "/__emulator__/"


class Google:
    def __enter__(self) -> Self:
        command = [sys.executable, "manage.py", "google_emulator"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line.startswith("GOOGLE_"), f"no emulator: {line!r}"
        self.settings = dict(pair.split("=", 1) for pair in line.split())
        self.address = self.settings["GOOGLE_TOKEN_URL"].removesuffix("/token")
        self.seen = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()

    def control(self, **settings: Any) -> None:
        """`fail`, `times`, `at`, `lifetime`, `rotate`, `revoke`: see `emulators.google.server`."""
        httpx.post(self.address + CONTROL, json=settings).raise_for_status()

    def reset(self) -> None:
        httpx.delete(self.address + CONTROL)
        self.seen = 0

    def clear_log(self) -> None:
        self.seen = len(self.log())

    def log(self) -> list[dict[str, Any]]:
        return httpx.get(self.address + CONTROL).json()

    def asked(self, path: str) -> list[dict[str, Any]]:
        return [entry for entry in self.log()[self.seen :] if entry["path"].startswith(path)]

    def form_of(self, entry: dict[str, Any]) -> dict[str, str]:
        return dict(entry["posted"])

    def tokens(self) -> list[dict[str, str]]:
        """The forms that the token address got."""
        return [self.form_of(entry) for entry in self.asked("/token")]

    def connect(self, site: str, session_key: str, email: str = "anna.k@example.com") -> None:
        """What a person does in a browser to connect a calendar at the site, signed in by that session."""
        with httpx.Client(base_url=site, cookies={"sessionid": session_key}, headers={"Referer": site}) as browser:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/calendar/").text)
            assert token
            led = browser.post("/calendar/connect/", data={"csrfmiddlewaretoken": token[1]})
            assert browser.get(self.consent(led.headers["location"], email)).headers["location"] == "/calendar/"

    def consent(
        self, url: str, email: str = "anna.k@example.com", *, allow: bool = True, scopes: Any = (CALENDAR_SCOPE,)
    ) -> str:
        """What somebody does who was led to `url`: the path, with its query, that they are led back to."""
        assert url.startswith(self.settings["GOOGLE_AUTHORIZE_URL"]), url
        asked = dict(parse_qsl(urlsplit(url).query))
        form = {**asked, "account": email, "allowed": list(scopes), "decision": "allow" if allow else "deny"}
        answer = httpx.post(self.settings["GOOGLE_AUTHORIZE_URL"], data=form)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"
