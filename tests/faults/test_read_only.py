"""A database file that may not be written: a wrong owner after a restore, a disk that the kernel has made read-only."""

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT, Server, wait_until
from tests.visitor import Visitor

# Root writes whatever the mode says, unless it gives that right away first.
AS_ANYBODY = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"] if os.geteuid() == 0 else []


def start_without_rights(server: Server) -> None:
    with server.log_file.open("ab") as log:
        command = [*AS_ANYBODY, sys.executable, "-m", "config.server"]
        server.process = subprocess.Popen(command, cwd=ROOT, env=server.environment, stdout=log, stderr=log)
    wait_until(server.readiness, 30)


@pytest.fixture
def read_only(suffering):
    """The server, what is in it, and its database as a file that it may only read."""
    keys = suffering.sign_in("alice")
    suffering.terminate()
    suffering.wait(20)
    suffering.database.chmod(0o444)
    start_without_rights(suffering)
    return suffering, keys[0]


async def test_what_is_there_can_be_read_and_what_is_sent_is_refused_and_kept_on_the_page(read_only):
    server, key = read_only
    assert server.readiness() == 503
    async with Visitor(server, key) as alice:
        assert (await alice.http.get("/gemini/")).status_code == 200
        refused = await alice.post("chat/", content="Запиши!")
        assert refused.status_code == 503
        assert "Запиши!" in refused.text
        assert "База данных сейчас не принимает записи" in refused.text
        api = {"Authorization": f"Session {key}"}
        session = await alice.http.post("/api/v1/gemini/chat-sessions/", json={"title": "Новая"}, headers=api)
        assert (session.status_code, session.json()["code"]) == (503, "storage_unavailable")
        assert session.headers["Retry-After"] == "5"
    server.kill()
    server.database.chmod(0o644)
    server.start()
    async with Visitor(server, key) as alice:
        _, reply = await alice.begin("Запиши! [[words 2]]")
        assert (await alice.until(reply, "done"))["content"].endswith("слово2")
