"""Another SECRET_KEY: whoever is signed in stays so while the old one is among the fallbacks, and no longer."""

import secrets

import pytest

from tests.processes import Server
from tests.visitor import Visitor

OLD, NEW = (secrets.token_urlsafe(50) for _ in range(2))


@pytest.fixture
def server(upstream):
    with Server(upstream, SECRET_KEY=OLD) as server:
        yield server


async def is_signed_in(server, key):
    """The key of the session from then on; empty when it has ended."""
    async with Visitor(server, key) as alice:
        answer = await alice.http.get("/gemini/", headers={"HX-Request": ""})
        return answer.cookies.get("sessionid", key) if answer.status_code == 200 else ""


def restart(server, **environment):
    server.kill()
    server.environment |= environment
    server.start()


async def test_sessions_outlive_a_rotation_of_the_secret_by_its_fallback(server):
    first, second = server.sign_in("alice", "bob")
    restart(server, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD)
    anew = await is_signed_in(server, first)
    assert anew
    restart(server, SECRET_KEY_FALLBACKS="")
    assert not await is_signed_in(server, second)
    # Whoever came by meanwhile has been signed in anew, under the new one.
    assert await is_signed_in(server, anew)
