"""What an operator is shown of a journey through the real server: its lines and its numbers, and none of its words."""

import json
import re

import httpx
import pytest

from tests.processes import Server, wait_until
from tests.visitor import Visitor

TOKEN = "metrics-token-of-the-test"
# Each stands for a kind of thing that no log may hold.
CANARIES = ("canarytext", "canarytitle", "canaryquery", "canarykey", "canary@mail", "canarypassword", "words 12")


@pytest.fixture
def server(upstream):
    with Server(upstream, LOG_FORMAT="json", LOG_LEVEL="DEBUG", METRICS_TOKEN=TOKEN) as server:
        yield server


def lines_of(server):
    return [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]


def metrics(server, **headers):
    return httpx.get(f"{server.url}/metrics", headers=headers)


def value(server, sample):
    found = re.search(rf"^{re.escape(sample)} (\S+)$", metrics(server).text, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def journey(alice: Visitor):
    """Asks, follows, fails, renames, searches, saves a key and an address, and is refused."""
    session, reply = await alice.begin("canarytext [[words 12]]")
    await alice.until(reply, "done")
    _, failed = await alice.begin("canarytext [[fail key]]")
    await alice.until(failed, "failed")
    http = alice.http
    await http.post(f"/gemini/sessions/{session}/title/", data={"title": "canarytitle"})
    await http.get("/gemini/", params={"search": "canaryquery"})
    await http.post("/gemini/settings/", data={"api_key": "test-canarykey-1234567890", "model": "canarytext"})
    await http.post("/accounts/", data={"email": "canary@mail.example", "password": "canarypassword"})
    await http.post("/accounts/login/", data={"login": "canary@mail.example", "password": "canarypassword"})
    await http.get("/accounts/password/reset/key/1-canarykey/")
    await http.get("/gemini/canarytext/", params={"q": "canaryquery"})
    return session, reply


async def test_a_journey_is_told_line_by_line_and_without_its_words(server, alice):
    session, reply = await journey(alice)
    log = server.log()
    assert not [canary for canary in CANARIES if canary in log]
    lines = lines_of(server)
    [ended] = [line for line in lines if line.get("reply_id") == reply]
    assert (ended["status"], ended["session_id"]) == ("done", session)
    begun = next(line for line in lines if line.get("request_id") == ended["request_id"] and line.get("method"))
    assert (begun["method"], begun["route"][:7], begun["status"]) == ("POST", "gemini:", 200)
    assert begun["duration_ms"] > 0
    assert begun["user_id"]
    assert any(line.get("route") == "unmatched" and line["status"] == 404 for line in lines)


def test_a_name_for_a_request_is_taken_from_nobody_but_a_proxy(server):
    given = "a-name-of-somebody-else"
    answered = httpx.get(f"{server.url}/accounts/login/", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answered.headers["X-Request-ID"])


def test_a_trusted_proxy_names_its_requests(upstream):
    with Server(upstream, TRUSTED_PROXIES="127.0.0.1") as server:
        good, bad = "0f8fad5b-d9cb-469f-a165-70867728950e", "two words\\n"
        answers = [
            httpx.get(f"{server.url}/accounts/login/", headers={"X-Request-ID": name}).headers["X-Request-ID"]
            for name in (good, bad)
        ]
    assert answers[0] == good
    assert re.fullmatch(r"[0-9a-f]{16}", answers[1])


async def test_numbers_of_a_journey_are_counted(server, alice):
    before = value(server, 'gemini_tokens_total{direction="output",interface="pages"}')
    await journey(alice)
    assert value(server, 'gemini_replies_ended_total{status="done"}') == 1
    assert value(server, 'gemini_replies_ended_total{status="failed"}') == 1
    assert value(server, 'gemini_engine_errors_total{code="api_key_invalid"}') >= 1
    assert value(server, 'gemini_tokens_total{direction="output",interface="pages"}') > before
    assert value(server, "gemini_first_token_seconds_count") == 1
    assert value(server, 'http_requests_total{method="GET",route="unmatched",status="4xx"}') == 1
    assert value(server, "event_loop_lag_seconds_count") > 0
    assert not [canary for canary in CANARIES if canary in metrics(server).text]


async def test_what_is_live_is_a_gauge(server, alice):
    _, reply = await alice.begin("[[words 2000]] [[pace 0.05]]")
    wait_until(lambda: value(server, "gemini_replies_live") == 1)
    async for event in alice.follow(reply):
        if event.name == "tail":
            assert value(server, "gemini_viewers") == 1
            break
    await alice.post(f"messages/{reply}/stop/")
    wait_until(lambda: value(server, "gemini_replies_live") == 0)
    wait_until(lambda: value(server, "gemini_viewers") == 0)


def test_metrics_are_for_this_machine_and_for_whoever_has_the_token(server):
    assert metrics(server).status_code == 200
    assert metrics(server, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert metrics(server, Via="1.1 proxy").status_code == 404
    with_token = {"X-Forwarded-For": "203.0.113.9", "Authorization": f"Bearer {TOKEN}"}
    assert metrics(server, **with_token).status_code == 200
    assert metrics(server, **with_token | {"Authorization": "Bearer wrong"}).status_code == 404
