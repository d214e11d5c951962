"""An upgrade with data in it: rows made by the first schema come through all migrations, a running reply among them."""

import subprocess
import sys

import pytest

from tests.processes import ROOT, manage, wait_until
from tests.visitor import Visitor

FIRST = {"gemini": "0001", "accounts": "0001", "finance": "zero", "google_oauth": "zero"}
CHATS, EXCHANGES = 20, 10
# Rows as the first release made them: its models, not today's.
FILL = f"""
import datetime, django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.contrib.auth.hashers import make_password
executor = MigrationExecutor(connection)
apps = executor.loader.project_state([("gemini", "0001_initial"), ("accounts", "0001_initial")]).apps
User, Chat, Message = (apps.get_model(*name) for name in [
    ("accounts", "User"), ("gemini", "ChatSession"), ("gemini", "ChatMessage")])
user = User.objects.create(username="alice", password=make_password("correct horse"))
for number in range({CHATS}):
    chat, parent = Chat.objects.create(user=user, title=f"Старый чат {{number}}", title_origin="hand"), None
    for step in range({EXCHANGES}):
        for role, text in [("user", "Вопрос"), ("assistant", "Ответ про договоры")]:
            text += f" {{number}}-{{step}}"
            parent = Message.objects.create(session=chat, role=role, content=text, parent=parent)
Message.objects.create(
    session=chat, role="assistant", content="Недописанное", parent=parent, status="generating", lease_owner="old",
    lease_until=datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=10))
"""


@pytest.fixture
def old_server(suffering):
    """The server, stopped, with a database as the first release left it when it was killed."""
    server = suffering
    server.kill()
    for file in server.folder.glob("db.sqlite3*"):
        file.unlink()
    url = server.environment["DATABASE_URL"]
    for app in ("accounts", "gemini"):
        manage("migrate", app, FIRST[app], "--verbosity", "0", DATABASE_URL=url)
    environment = {**server.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return server


async def test_nothing_of_the_first_release_is_lost_and_what_it_left_unfinished_is_said_so(old_server):
    server = old_server
    columns = "id, session_id, role, content, parent_id, status"
    before = server.rows(f"SELECT {columns} FROM gemini_chatmessage ORDER BY id")
    assert len(before) == CHATS * EXCHANGES * 2 + 1
    manage("migrate", "--noinput", "--verbosity", "0", DATABASE_URL=server.environment["DATABASE_URL"])
    assert server.rows(f"SELECT {columns} FROM gemini_chatmessage ORDER BY id") == before
    server.start()
    [key] = server.sign_in("alice")
    async with Visitor(server, key) as alice:
        unfinished = before[-1]
        await alice.until(unfinished["id"], "interrupted", seconds=17)
        page = await alice.page(f"chat/{unfinished['session_id']}/")
        assert "Недописанное" in page
        assert "Ответ прерван" in page
        found = await alice.page("?q=договор")
        assert "Ответ про <mark>договоры</mark>" in found.replace("\n", "") or "договоры" in found
        again = await alice.send(unfinished["session_id"], "Дальше [[words 2]]")
        assert (await alice.until(again, "done"))["content"].endswith("слово2")


def test_a_server_before_the_migration_says_that_it_takes_no_work_yet(old_server):
    server = old_server
    with server.log_file.open("ab") as log:
        command = [sys.executable, "-m", "config.server"]
        server.process = subprocess.Popen(command, cwd=ROOT, env=server.environment, stdout=log, stderr=log)
    wait_until(server.readiness, 30)
    assert server.readiness() == 503
    manage("migrate", "--noinput", "--verbosity", "0", DATABASE_URL=server.environment["DATABASE_URL"])
    wait_until(lambda: server.readiness() == 200)
