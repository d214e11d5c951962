"""A second try for tests of real processes in real time, which share two cores with each other and may lose a race.

What fails twice fails; what fails once is named as RERUN in the summary, to be looked into. A test of code alone has
one try.
"""

import pytest

IN_REAL_TIME = ("e2e/", "tests/faults/", "tests/scale/", "tests/torture/")


def give(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(IN_REAL_TIME) and not item.get_closest_marker("flaky"):
            item.add_marker(pytest.mark.flaky(reruns=1))
