"""`manage.py backup` beside a server that writes: a file of its own, whole, from which the site comes up again."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest

from tests.processes import ROOT, Server
from tests.visitor import Visitor


@pytest.fixture
def server(upstream):
    with Server(upstream, DRAIN_SECONDS="3") as server:
        yield server
        assert "Traceback" not in server.log(), server.log()


def backup(server, file):
    command = [sys.executable, "manage.py", "backup", str(file)]
    return subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True)


async def test_a_backup_taken_while_answers_are_written_is_whole_and_holds_nobody_up(server, upstream, tmp_path):
    [key] = server.sign_in("alice")
    copies = [tmp_path / f"copy-{n}.sqlite3" for n in range(3)]
    async with Visitor(server, key) as alice:
        sent_before, copied = [], asyncio.Event()

        async def write() -> None:
            while not copied.is_set():
                text = f"Вопрос {len(sent_before)} [[words 100]] [[pace 0.01]]"
                sent_before.append((await alice.begin(text))[1])

        writing = asyncio.create_task(write())
        known = []
        for copy in copies:
            await asyncio.sleep(0.3)
            known.append(list(sent_before))
            made = await asyncio.to_thread(backup, server, copy)
            assert made.returncode == 0, made.stderr
        assert len(known[-1]) > len(known[0]), "for this to mean anything there has to be a writer"
        copied.set()
        await writing
        for reply in sent_before:
            await alice.until(reply, "done")

    for copy, acknowledged in zip(copies, known, strict=True):
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with closing(sqlite3.connect(copy)) as connection:
            kept = {row[0] for row in connection.execute("SELECT id FROM gemini_chatmessage WHERE role = 'assistant'")}
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert set(acknowledged) <= kept
    assert sorted(path.name for path in tmp_path.iterdir()) == [copy.name for copy in copies]
    await it_comes_up_from(copies[-1], upstream, key)


async def it_comes_up_from(copy, upstream, key):
    with Server(upstream, DATABASE_URL=f"sqlite:///{copy}") as restored:
        restored.database = copy
        async with Visitor(restored, key) as alice:
            assert "Вопрос" in await alice.page("")
            assert "Вопрос" in await alice.page("?q=вопрос")
            _, reply = await alice.begin("После восстановления [[words 5]]")
            assert "слово5" in (await alice.watch(reply)).done


def test_a_file_that_is_there_is_not_written_over(server, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("earlier")
    made = backup(server, kept)
    assert made.returncode != 0
    assert kept.read_text() == "earlier"
