"""The machine under the figures: its cores, and what a process takes of them."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import psutil

SERVER_CORE, LOAD_CORE = 0, 1
PACKAGES = ("Django", "uvicorn", "grpcio", "google-ai-generativelanguage", "httpx", "django-htmx")


def pin(core: int, pid: int = 0) -> None:
    """Binds a process (without a pid: this one) to a core; where there is only one, nothing happens."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


def pinned(core: int) -> "list[str]":
    """The beginning of a command that runs its rest on a core."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


class Meter:
    """CPU seconds, MiB of resident memory and open descriptors of a process and its children."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.cpu_before = self.cpu()
        self.memory_before = self.peak = self.memory()

    def cpu(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        return self.process.memory_info().rss / 2**20

    def cpu_since(self) -> float:
        return self.cpu() - self.cpu_before


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def median(values: Iterable[float]) -> float:
    found = list(values)
    return statistics.median(found) if found else float("nan")


def description() -> str:
    cpus = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in cpus if "model name" in line), "?")
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"Linux {platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {system}, {packages}"
