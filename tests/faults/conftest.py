from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.processes import Emulator, Server
from tests.visitor import Visitor


@pytest.fixture
def server(upstream: Emulator) -> Iterator[Server]:
    """A server of the test's own, which it may kill; whatever happens, no request ends in a traceback."""
    with Server(upstream, DRAIN_SECONDS="3") as server:
        yield server
        assert "Traceback" not in server.log(), server.log()


@pytest.fixture
def suffering(upstream: Emulator) -> Iterator[Server]:
    """A server whose database is about to fail: its log may say so."""
    with Server(upstream, DRAIN_SECONDS="3") as server:
        yield server


@pytest.fixture
def beside(upstream: Emulator) -> Iterator[Callable[[Server], Server]]:
    """Starts another process on a server's database, as a second worker is."""
    with ExitStack() as stack:

        def start(server: Server) -> Server:
            other = Server(upstream, DATABASE_URL=server.environment["DATABASE_URL"], DRAIN_SECONDS="3")
            other.database = server.database
            return stack.enter_context(other)

        yield start


@pytest.fixture
async def alice(server: Server) -> AsyncIterator[Visitor]:
    [key] = server.sign_in("alice")
    async with Visitor(server, key) as visitor:
        yield visitor
