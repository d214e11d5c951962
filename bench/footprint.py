"""What it takes to have it: from the start of the process to its first answer, its idle memory, its installed size."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from bench import targets
from bench.figures import Figure
from bench.machine import median
from tests.processes import ROOT, Emulator

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def measure(upstream: Emulator, *, quick: bool) -> Iterator[Figure]:
    starts = [targets.cold_start(upstream) for _ in range(1 if quick else 5)]
    yield Figure("Process start to its first 200", median(seconds for seconds, _ in starts), "s", most=1.2)
    yield Figure("Idle memory", median(memory for _, memory in starts), "MiB", most=140)
    yield Figure("Installed size of all that `requirements.lock` names", installed(), "MiB")


def installed() -> float:
    names = LOCKED.findall((ROOT / "requirements.lock").read_text())
    return sum(map(size_of, names)) / 2**20


def size_of(name: str) -> int:
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        # For another system than this one.
        return 0
    located = (file.locate() for file in files)
    return sum(file.stat().st_size for file in located if file.is_file())  # type: ignore[union-attr]
