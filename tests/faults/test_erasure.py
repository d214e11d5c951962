"""An account ended while an answer is being written: the answer stops, the stream ends, and no row comes back."""

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
