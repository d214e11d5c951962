"""The real processes that tests talk to: the emulator, and the server as `make run` starts it."""

import atexit
import functools
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "var" / "static" / "staticfiles.json"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
    "PYTHONUNBUFFERED": "1",
    "SECRET_KEY": "a secret of the tests alone, long enough for Django",
    "FIELD_ENCRYPTION_KEYS": "dGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgdGVzdHMgMDE=",
    "GEMINI_DEMO": "0",
}
START_TIMEOUT = 30.0
# Runs scripts one after another: to start an interpreter and Django for each takes longer than most scenes.
CLERK = """
import contextlib, io, json, sys
import django
django.setup()
from django.db import connection
for line in sys.stdin:
    code, *sys.argv[1:] = json.loads(line)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code, {"__name__": "__main__"})
    connection.close()
    print(json.dumps(said.getvalue()), flush=True)
"""
SIGN_IN = """
import sys
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
for name in sys.argv[1:]:
    user, _ = get_user_model().objects.get_or_create(username=name)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    print(session.session_key)
"""


def wait_until(condition: Any, seconds: float = 10.0, every: float = 0.02) -> Any:
    """The first true value of `condition()`; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(every)
    return value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def manage(*arguments: str, **environment: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env={**ENVIRONMENT, **environment}, check=True, capture_output=True)


@functools.cache
def migrated_database() -> Path:
    """A new database to be copied: to migrate one takes seconds, and each server of a test has its own."""
    folder = Path(tempfile.mkdtemp(prefix="gemini-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    manage("migrate", "--noinput", "--verbosity", "0", DATABASE_URL=f"sqlite:///{folder / 'db.sqlite3'}")
    return folder / "db.sqlite3"


class Emulator:
    """Gemini on loopback, in a process of its own. `pace` and `first_token` are in seconds."""

    def __init__(self, pace: float = 0.02, first_token: float = 0.05) -> None:
        self.arguments = ["gemini_emulator", "--pace", str(pace), "--first-token", str(first_token)]

    def __enter__(self) -> Self:
        command = [sys.executable, "manage.py", *self.arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        ready = re.fullmatch(r"gRPC (\S+)  HTTP (\S+)\n", line)
        assert ready, f"no emulator: {line!r}"
        self.grpc_address, self.http_address = ready.groups()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()

    def endpoint_for(self, engine: str) -> str:
        """`GEMINI_API_ENDPOINT` for `GEMINI_ENGINE`."""
        return self.http_address if engine == "genai" else self.grpc_address

    def log(self) -> list[dict[str, Any]]:
        return httpx.get(f"{self.http_address}/__emulator__/log").json()

    def clear_log(self) -> None:
        httpx.delete(f"{self.http_address}/__emulator__/log")


class Server:
    """`python -m config.server` with a database of its own; it may be killed and started again."""

    def __init__(self, emulator: Emulator | None, **environment: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gemini-server-"))
        self.database = self.folder / "db.sqlite3"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **ENVIRONMENT,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SITE_URL": self.url,
            "PORT": str(self.port),
            # One caller is a whole crowd in many tests, and the limits have tests of their own.
            "GEMINI_DAILY_TOKENS": "0",
            "API_CALLS_PER_MINUTE": "0",
            "LIVE_REPLIES_PER_USER": "0",
            "VIEWERS_PER_USER": "0",
            **({"GEMINI_API_KEY": "test-server-key"} if emulator else {}),
            **(
                {"GEMINI_API_ENDPOINT": emulator.endpoint_for(environment.get("GEMINI_ENGINE", ""))} if emulator else {}
            ),
            **environment,
        }
        self.log_file = self.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._clerk: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        if self.environment["DATABASE_URL"] == f"sqlite:///{self.database}":
            shutil.copyfile(migrated_database(), self.database)
        else:
            manage("migrate", "--noinput", "--verbosity", "0", DATABASE_URL=self.environment["DATABASE_URL"])
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        if self._clerk and self._clerk.stdin and self._clerk.stdout:
            self._clerk.stdin.close()
            self._clerk.wait(10)
            self._clerk.stdout.close()
        if os.environ.get("SHOW_SERVER_LOG"):
            print(self.log())  # noqa: T201
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        if not MANIFEST.exists():
            manage("collectstatic", "--noinput", "--verbosity", "0")
        with self.log_file.open("ab") as log:
            command = [sys.executable, "-m", "config.server"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_until(self.is_ready, START_TIMEOUT)

    def is_ready(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.log()
        return self.readiness() == 200

    def sign_in(self, *names: str) -> list[str]:
        """Session keys for these users, who are made when they are new."""
        return self.script(SIGN_IN, *names).split()

    def script(self, code: str, *arguments: str) -> str:
        """What a script prints that runs beside the server, on its database and with its settings."""
        if self._clerk is None:
            environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
            command = [sys.executable, "-c", CLERK]
            with self.log_file.open("ab") as log:
                self._clerk = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=environment,
                    text=True,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                )
        assert self._clerk.stdin
        assert self._clerk.stdout
        self._clerk.stdin.write(json.dumps([code, *arguments]) + "\n")
        self._clerk.stdin.flush()
        said = self._clerk.stdout.readline()
        assert said, self.log()
        return json.loads(said)

    def readiness(self) -> int:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code
        except httpx.TransportError:
            return 0

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def terminate(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> float:
        """Seconds until the process has ended; fails when that takes longer."""
        assert self.process
        began = time.monotonic()
        self.process.wait(seconds)
        return time.monotonic() - began

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        """What the database holds, read past the server."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(query, arguments)]
        finally:
            connection.close()

    def message(self, message_id: int) -> dict[str, Any]:
        return self.rows("SELECT * FROM gemini_chatmessage WHERE id = ?", message_id)[0]
