"""The printed calls are run with the real curl against the real server: those of `docs/api.md` and the specification's.

What the first of them really send and get is what the OpenAPI schema shows as examples (`make examples`).
"""

import json
import os
import re
import shutil
import subprocess

import pytest

from gemini.openapi import EXAMPLES, EXAMPLES_FILE
from tests.gemini.rest import described
from tests.google_oauth.emulator import Google
from tests.processes import ROOT, Server

COMMANDS = re.findall(r"```bash\n(.+?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
# What a call makes is named so in those after it.
MAKING = {
    "POST /api/v1/gemini/chat-sessions/": "SESSION",
    "POST /api/v1/gemini/chat-messages/": "MESSAGE",
    "POST /api/v1/finance/transactions/": "TRANSACTION",
    "POST /api/v1/finance/salaries/": "SALARY",
}
# The six calls that the owner's specification prints, to the letter.
SPECIFIED = """\
curl -X POST http://localhost:8000/api/v1/gemini/chat-sessions/ \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Session YOUR_SESSION_ID" \\
  -d '{
    "title": "Обсуждение Python"
  }'

curl -X POST http://localhost:8000/api/v1/gemini/chat-sessions/1/send_message/ \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Session YOUR_SESSION_ID" \\
  -d '{
    "content": "Расскажи о Python"
  }'

curl -X POST http://localhost:8000/gemini/send-message/ \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Session YOUR_SESSION_ID" \\
  -d '{
    "session_id": 1,
    "message": "Привет, как дела?"
  }'

curl -X POST http://localhost:8000/gemini/test-api-key/ \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Session YOUR_SESSION_ID" \\
  -d '{
    "api_key": "your-gemini-api-key"
  }'

curl -X GET http://localhost:8000/api/v1/gemini/chat-sessions/stats/ \\
  -H "Authorization: Session YOUR_SESSION_ID"

curl -X GET http://localhost:8000/api/v1/gemini/chat-sessions/1/ \\
  -H "Authorization: Session YOUR_SESSION_ID"
""".split("\n\n")

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="no curl")


@pytest.fixture
def google():
    with Google() as google:
        yield google


@pytest.fixture
def server(emulator_process, source_processes, google):
    source_processes.reset()
    with Server(emulator_process, **source_processes.environment, **google.settings) as server:
        yield server


def test_every_command_of_the_document_works_as_printed(server, google):
    recorded = walk_document(server, google)
    if os.environ.get("RECORD_EXAMPLES"):
        text = json.dumps(recorded, ensure_ascii=False, indent=2).replace(server.url, "http://localhost:8000")
        EXAMPLES_FILE.write_text(f"{text}\n")
        return
    assert recorded.keys() == EXAMPLES.keys(), "run make examples"
    for name, example in recorded.items():
        assert shape(example) == shape(EXAMPLES[name]), f"{name} answers otherwise now: run make examples"


def test_every_operation_of_the_schema_has_an_example():
    operations = {f"{method.upper()} {path}" for path, item in described.schema()["paths"].items() for method in item}
    second_addresses = {name for name in operations if " /gemini/api/" in name}
    assert operations - second_addresses == EXAMPLES.keys()


def test_the_specifications_own_commands_work_as_printed(server):
    [key] = server.sign_in("admin")
    commands = [command.replace("YOUR_SESSION_ID", key) for command in SPECIFIED]
    session, exchange, answer = [run(server, command) for command in commands[:3]]
    # The key that is printed is none: to say so is the right answer.
    assert run(server, commands[3], 400) == {"success": False, "error": "Неверный API ключ", "code": "api_key_invalid"}
    stats, whole = [run(server, command) for command in commands[4:]]
    assert (session["id"], session["title"]) == (1, "Обсуждение Python")
    assert exchange["user_message"]["content"] == "Расскажи о Python"
    assert answer["success"] is True
    assert stats["total_messages"] == 4
    assert len(whole["messages"]) == 4


def test_every_operation_says_in_russian_what_it_does():
    for path, item in described.schema()["paths"].items():
        for method, operation in item.items():
            assert re.match("[А-Я]", operation.get("summary", "")), f"{method} {path}"
            assert not re.search("[a-z]{4}", operation.get("description", "")), f"{method} {path}"


def walk_document(server, google):
    """Runs all of it in its order; what each call sent and got, by method and path of the schema."""
    google.connect(server.url, *server.sign_in("alice"))
    password = "from accounts.models import User; u = User.objects.get(); u.set_password('correct horse'); u.save()"
    server.script(password)
    variables, recorded = {}, {}
    for command in COMMANDS:
        if "/retry/" in command:
            fail_a_reply(server, variables)
        answer = run(server, command, **variables)
        name, example = example_of(command, answer)
        recorded.setdefault(name, example)
        if "accounts/session" in command and answer:
            variables["KEY"] = answer["session_id"]
        elif name in MAKING:
            variables[MAKING[name]] = str(answer["id"])
    return recorded


def fail_a_reply(server, variables):
    """There must be a failed reply before one can be retried: the emulator refuses once."""
    url = "http://localhost:8000/api/v1/gemini/chat-sessions/$SESSION/send_message/"
    headers = '-H "Content-Type: application/json" -H "Authorization: Session $KEY"'
    run(server, f"""curl -X POST {url} {headers} -d '{{"content": "Ещё [[fail 429-day x1]]"}}'""", 500, **variables)


def run(server, command, status=None, **variables):
    """What a command prints, as JSON; fails for an error status, unless it is the one that is expected."""
    command = command.replace("http://localhost:8000", server.url)
    command = command.replace("curl ", "curl -sS -w '\\n%{http_code}' ", 1)
    done = subprocess.run(["bash", "-c", command], env={**os.environ, **variables}, capture_output=True, text=True)
    body, _, code = done.stdout.rpartition("\n")
    assert done.returncode == 0, done.stderr
    assert int(code) == status if status else int(code) < 300, f"{command}\n{done.stdout}"
    return json.loads(body) if body else None


def example_of(command, answer):
    method = (re.findall(r"-X (\w+)", command) or ["GET"])[0]
    path = re.search(r"http://localhost:8000([^\s\"?]+)", command)[1]
    path = re.sub(r"/\$SESSION/(?=update-title)", "/{session_id}/", path)
    path = re.sub(r"/\$\w+/", "/{id}/", path)
    operation = described.schema()["paths"][path][method.lower()]
    status = next(status for status in operation["responses"] if status.startswith("2"))
    example = {"status": status, "response": answer}
    if body := re.search(r"-d '(.+)'", command, re.DOTALL):
        example["request"] = json.loads(re.sub(r"'\$\w+'", "1", body[1]))
    return f"{method} {path}", example


def shape(value):
    """Keys and kinds of values, without what differs from run to run; a list is its first item."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items() if name not in ("sessions_by_user", "usage_metadata")}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__
