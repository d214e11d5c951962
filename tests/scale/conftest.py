from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.processes import Emulator
from tests.scale.site import Database, Redis, Site, missing
from tests.visitor import Screen, Visitor

# Tokens a day on the server's key: more than a test of anything else asks for, and spent by one long answer.
DAILY_TOKENS = 6000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if reason := missing():
        for item in items:
            if "tests/scale" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason=f"several workers: {reason}"))


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    with Database() as database:
        yield database


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    """A module's own: the site of another has the same secret and the same numbers, and its streams last a minute."""
    with Redis() as redis:
        yield redis


@pytest.fixture(scope="module")
def site(upstream: Emulator, database: Database, redis: Redis) -> Iterator[Site]:
    """Two workers with Redis; whatever happens, no request ends in a traceback."""
    with Site(upstream, database, REDIS_URL=redis.url, GEMINI_DAILY_TOKENS=str(DAILY_TOKENS)) as site:
        yield site
        assert "Traceback" not in site.log(), site.log()


@pytest.fixture
async def alices(site: Site, request: pytest.FixtureRequest) -> AsyncIterator[list[Visitor]]:
    """One person of the test's own, at each worker."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(one) for one in site.visitors(request.node.name[:150])]


@pytest.fixture
def screens() -> list[Screen]:
    return [Screen() for _ in range(5)]
