"""What it takes to have it: from the start of the process to its first answer, its idle memory, its installed size."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions

from bench import targets
from bench.figures import Figure
from bench.machine import median
from tests.processes import ROOT, Emulator

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)


def measure(upstream: Emulator, *, quick: bool) -> Iterator[Figure]:
    starts = [targets.cold_start(upstream, developers_packages()) for _ in range(3 if quick else 7)]
    ready, drawn, memory = map(median, zip(*starts, strict=True))
    yield Figure("Process start to its first 200", ready, "s", most=1.2)
    yield Figure("Process start to its first page, that of signing in", drawn, "s")
    yield Figure("Idle memory", memory, "MiB", most=140)
    yield Figure("Installed size of all that `requirements.lock` names", installed(), "MiB")


def locked() -> list[str]:
    return LOCKED.findall((ROOT / "requirements.lock").read_text())


def developers_packages() -> list[str]:
    """What can be imported here and could not be where only `requirements.lock` is installed."""
    theirs = {plain(name) for name in locked()}
    return [package for package, names in packages_distributions().items() if theirs.isdisjoint(map(plain, names))]


def plain(name: str) -> str:
    """The name of a package in its one spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> float:
    return sum(map(size_of, locked())) / 2**20


def size_of(name: str) -> int:
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        # For another system than this one.
        return 0
    located = (file.locate() for file in files)
    return sum(file.stat().st_size for file in located if file.is_file())  # type: ignore[union-attr]
