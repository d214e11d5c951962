"""A key and a message are planted, and a whole journey is made with them: they are found where they belong only."""

import json
import re

import httpx
import pytest

from tests.processes import Emulator
from tests.security.watched import WatchedServer
from tests.services import SourceEmulators
from tests.visitor import CSRF

KEY = "test-CANARY-key-of-alice-0123456789-TAIL"
SERVER_KEY = "test-CANARY-key-of-the-server-9876543210"
WORD = "канареечноеслово"
PASSWORD = "канареечный-Пароль-7"
SECRETS = {KEY, SERVER_KEY, PASSWORD}
FAILURES = ["503", "429-day", "key", "cut", "garbage", "region"]


class Journey:
    """Somebody who does all there is to do, and keeps every answer."""

    def __init__(self, server):
        self.server = server
        self.answers = []
        keep = {"response": [lambda response: self.answers.append(response)]}
        headers = {"X-CSRFToken": CSRF}
        self.http = httpx.Client(base_url=server.url, headers=headers, timeout=60, event_hooks=keep)
        self.http.cookies.set("csrftoken", CSRF)

    def post(self, path, **data):
        return self.http.post(path, data=data)

    def everything(self):
        self.post("/accounts/signup/", username="alice", password1=PASSWORD, password2=PASSWORD)
        # The sign-in has made a new token; one's own is as good.
        session = self.http.cookies["sessionid"]
        self.http.cookies.clear()
        self.http.cookies.update({"sessionid": session, "csrftoken": CSRF})
        key = self.http.post("/api/v1/accounts/session/", json={"username": "alice", "password": PASSWORD}).json()
        self.api = {"Authorization": f"Session {key['session_id']}"}
        self.one_shot()
        self.settings()
        self.conversation()
        self.pages()
        self.wrong()

    def one_shot(self):
        """On the server's key: Alice has none yet."""
        body = {"prompt": f"{WORD} [[words 3]]", "max_tokens": 100, "temperature": 0.5, "save_to_session": True}
        assert self.call("/api/v1/gemini/api/generate_response/", body).status_code == 200

    def call(self, path, body):
        return self.http.post(path, json=body, headers=self.api)

    def settings(self):
        self.post("/gemini/settings/key-test/", api_key=KEY)
        self.post("/gemini/settings/key-test/", api_key=KEY + " с пробелом")
        self.post("/gemini/settings/", api_key=KEY, temperature="0.7", max_output_tokens="")
        self.call("/gemini/test-api-key/", {"api_key": KEY})
        self.http.get("/gemini/settings/")
        self.http.get("/gemini/settings/models/?fresh=1")

    def conversation(self):
        self.post("/gemini/chat/", content=f"{WORD} [[words 20]]")
        session = self.http.get("/api/v1/gemini/chat-sessions/", headers=self.api).json()["results"][0]["id"]
        for kind in FAILURES:
            self.call(
                f"/api/v1/gemini/chat-sessions/{session}/send_message/", {"content": f"{WORD} [[fail {kind} x1]]"}
            )
        self.call("/gemini/send-message/", {"session_id": session, "message": f"{WORD} сколько будет 100 USD в BYN?"})
        self.http.get(f"/gemini/chat/{session}/")
        for suffix in ("md", "json", "html"):
            self.http.get(f"/gemini/chat/{session}.{suffix}")

    def pages(self):
        for path in ("", "rates/", "vacancies/?text=python", "usage/", "usage/usage.csv", "usage/calls.csv"):
            self.http.get(f"/gemini/{path}")
        for path in (
            "/gemini/export/all.json",
            "/gemini/export/all.zip",
            f"/gemini/?q={WORD}",
            "/calendar/",
            "/admin/",
        ):
            self.http.get(path)
        for path in ("gemini/geminisettings/", "gemini/chatmessage/", "accounts/user/", "accounts/user/1/change/"):
            self.http.get(f"/admin/{path}")
        self.http.get("/api/v1/schema/")

    def wrong(self):
        self.http.post("/api/v1/accounts/session/", json={"username": "alice", "password": PASSWORD + "!"})
        self.http.post("/api/v1/accounts/session/", content=f'{{"password": "{PASSWORD}"'.encode(), headers=self.api)
        self.http.post("/gemini/test-api-key/", content=f'{{"api_key": "{KEY}"'.encode(), headers=self.api)
        self.http.post("/gemini/settings/", data={"api_key": KEY}, headers={"X-CSRFToken": "no"})
        self.post("/gemini/settings/", api_key=KEY, temperature="много")
        self.http.get("/gemini/nothing/")


@pytest.fixture(scope="module")
def travelled():
    with Emulator(pace=0.002, first_token=0.01) as gemini, SourceEmulators() as sources:
        environment = sources.environment | {"GEMINI_API_KEY": SERVER_KEY, "SIGNUP": "open"}
        with WatchedServer(gemini, **environment) as server:
            journey = Journey(server)
            with journey.http:
                journey.everything()
            yield journey, gemini, sources


def test_the_journey_went_where_it_should(travelled):
    journey, gemini, _ = travelled
    statuses = [answer.status_code for answer in journey.answers]
    assert {200, 201, 302, 400, 401, 403, 404, 422, 500} <= set(statuses)
    assert "DEBUG" in journey.server.log()
    used = {entry["key"] for entry in gemini.log()}
    assert {KEY, SERVER_KEY} <= used, "both keys were sent, each with its calls"


def test_a_key_and_a_password_are_found_nowhere_but_with_their_calls(travelled):
    journey, _, _ = travelled
    log = journey.server.log()
    for secret in SECRETS:
        assert secret not in log
        for answer in journey.answers:
            assert secret not in answer.text, (answer.request.method, answer.url)
            assert secret not in str(answer.url)
            assert secret not in str(answer.headers)
    # Not even a part of it that would do; its last four letters are shown so that one knows which it is.
    assert KEY[:12] not in log + "".join(answer.text for answer in journey.answers)


def test_a_message_is_in_no_log(travelled):
    log = travelled[0].server.log()
    # In whatever alphabet it would have been written down; what is searched for is content, too.
    assert WORD not in log
    assert json.dumps(WORD).strip('"') not in log
    assert "%D0%BA%D0%B0%D0%BD%D0%B0%D1%80" not in log


def test_no_key_lies_in_the_files_of_the_database(travelled):
    server = travelled[0].server
    files = list(server.folder.glob("db.sqlite3*"))
    content = b"".join(file.read_bytes() for file in files)
    assert WORD.encode() in content, "messages are kept; this is the right file"
    for secret in SECRETS:
        assert secret.encode() not in content
    assert re.search(rb"gAAAAA[\w-]{40}", content), "and the key is there as a Fernet token"


def test_only_the_configured_hosts_are_spoken_to(travelled):
    journey, gemini, sources = travelled
    server = journey.server
    allowed = {gemini.grpc_address, *(service.url.removeprefix("http://") for service in (sources.nbrb, sources.hh))}
    connected = {
        f"{host}:{port}"
        for line in server.told()
        for host, port in re.findall(r"connect \('([^']+)', (\d+)", line)
        if int(port) != server.port
    }
    connected |= {f"{host.removeprefix('::ffff:')}:{port}" for host, port in server.remote_addresses()}
    names = {line.split()[1].strip("'\"") for line in server.told() if line.startswith("lookup")}
    assert connected <= allowed | {f"127.0.0.1:{server.port}"}, connected - allowed
    assert gemini.grpc_address in connected
    assert names <= {"127.0.0.1", "localhost", "::1", "b'127.0.0.1'"}, names
