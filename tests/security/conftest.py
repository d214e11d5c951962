import pytest

from tests.processes import Server


@pytest.fixture(scope="module")
def plain_server():
    """A server with everybody's limits, and nobody to ask."""
    with Server(None) as server:
        yield server
