"""An account ended while an answer is being written: the answer stops, the stream ends, and no row comes back."""

import asyncio

import httpx
import pytest

from tests.processes import wait_until
from tests.visitor import Visitor

NEW_PASSWORD = """
import sys
from django.contrib.auth import get_user_model
user, _ = get_user_model().objects.get_or_create(username=sys.argv[1])
user.set_password("correct horse")
user.save()
"""


async def test_an_answer_that_is_being_written_ends_with_its_owners_account(server, upstream):
    server.script(NEW_PASSWORD, "alice")
    [key] = server.sign_in("alice")
    upstream.clear_log()
    async with Visitor(server, key) as alice:
        _, reply = await alice.begin("Долго [[words 5000]] [[pace 0.05]]")
        erased = None
        async for event in alice.follow(reply):
            if event.name == "tail" and event.data and erased is None:
                form = {"username": "alice", "password": "correct horse"}
                erased = await alice.http.post("/accounts/erase/", data=form)
        assert erased is not None
        assert erased.status_code in (200, 302)
    wait_until(lambda: "cancelled" in [e["outcome"] for e in upstream.log() if e["prompt"].startswith("Долго")])
    for table in ("accounts_user", "gemini_chatmessage", "gemini_chatsession", "gemini_geminicall", "django_session"):
        assert not server.rows(f"SELECT 1 FROM {table}"), table


@pytest.mark.parametrize(
    ("action", "asked", "outcome"),
    [
        ("generate_response", "plain", (200, None)),
        ("generate_response", "saved", (401, "unauthorized")),
        ("generate_response", "in a session", (404, "session_not_found")),
        ("generate_response", "with a key", (401, "unauthorized")),
        ("analyze_text", "saved", (401, "unauthorized")),
    ],
)
async def test_a_call_that_outlives_its_account_is_no_failure_of_ours(server, upstream, action, asked, outcome):
    """What is to be kept of it has nobody to belong to: no 500, no traceback, and no row."""
    server.script(NEW_PASSWORD, "alice")
    browser, key = server.sign_in("alice", "alice")
    headers = {"Authorization": f"Session {key}"} | ({"Idempotency-Key": "once"} if "key" in asked else {})
    api = f"{server.url}/api/v1/gemini/"
    body = {"prompt": "Долго [[words 100]] [[pace 0.05]]", "save_to_session": asked not in ("plain", "with a key")}
    upstream.clear_log()
    async with Visitor(server, browser) as alice, httpx.AsyncClient(headers=headers, timeout=30) as program:
        if asked == "in a session":
            body["session_id"] = (await program.post(f"{api}chat-sessions/", json={"title": "Отчёт"})).json()["id"]
        call = asyncio.create_task(program.post(f"{api}api/{action}/", json=body))
        await asyncio.to_thread(wait_until, lambda: any(e["prompt"].startswith("Долго") for e in upstream.log()))
        await alice.http.post("/accounts/erase/", data={"username": "alice", "password": "correct horse"})
        answer = await call
    assert (answer.status_code, answer.json().get("code")) == outcome
    tables = ("accounts_user", "gemini_chatmessage", "gemini_chatsession", "gemini_geminicall", "gemini_sentprompt")
    for table in tables:
        assert not server.rows(f"SELECT 1 FROM {table}"), table
