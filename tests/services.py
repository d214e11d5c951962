"""The services that sources ask, as processes that tests may tell to fail."""

import re
import subprocess
import sys
from typing import Any, Self

import httpx

from tests.processes import ENVIRONMENT, ROOT


class Service:
    """A service on loopback that does what it is told: see `emulators.serving`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.control = f"{url}/__emulator__/"

    def fail(self, kind: str, times: int = 0, **settings: Any) -> None:
        httpx.post(self.control, json={"fail": kind, "times": times, **settings}).raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        return httpx.get(self.control).json()

    def reset(self) -> None:
        httpx.delete(self.control)


class SourceEmulators:
    """NBRB and HH.ru on loopback, in a process of their own."""

    def __enter__(self) -> Self:
        command = [sys.executable, "manage.py", "source_emulators"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        ready = re.fullmatch(r"NBRB (\S+)  HH (\S+)  token (\S+)\n", line)
        assert ready, f"no emulators: {line!r}"
        self.nbrb, self.hh, self.token = Service(ready[1]), Service(ready[2]), ready[3]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()

    def reset(self) -> None:
        self.nbrb.reset()
        self.hh.reset()

    @property
    def environment(self) -> dict[str, str]:
        """For a server that is to ask them."""
        return {
            "NBRB_BASE_URL": self.nbrb.url,
            "HH_BASE_URL": self.hh.url,
            "HH_ACCESS_TOKEN": self.token,
            "HH_USER_AGENT": "gemini-chat/1.0 (tests@gemini.local)",
        }
