"""The processes that are measured, each on its core."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx

from bench import machine
from tests.processes import ENVIRONMENT, ROOT, Emulator, Server, free_port, wait_until


@contextmanager
def emulator() -> Iterator[Emulator]:
    """Gemini's stand-in on the load's core. Paces are asked for in the prompts."""
    with Emulator(pace=0.05, first_token=0.2) as running:
        machine.pin(machine.LOAD_CORE, running.process.pid)
        yield running


# Far off, but asked for with each message, as an operator's are.
LIMITS = {"GEMINI_DAILY_TOKENS": "1000000000000", "LIVE_REPLIES_PER_USER": "1000000", "VIEWERS_PER_USER": "1000000"}


@contextmanager
def server(upstream: Emulator, **environment: str) -> Iterator[Server]:
    with Server(upstream, **(LIMITS | environment)) as running:
        pin_threads(running.pid)
        yield running


@contextmanager
def relay(upstream: Emulator) -> Iterator[Any]:
    port = free_port()
    command = [*machine.pinned(machine.SERVER_CORE), sys.executable, "-m", "uvicorn", "bench.relay:app"]
    command += ["--port", str(port), "--log-level", "critical", "--lifespan", "off"]
    environment = {**ENVIRONMENT, "GEMINI_HTTP": upstream.http_address}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    process.port = port  # type: ignore[attr-defined]
    try:
        wait_until(lambda: is_up(port))
        yield process
    finally:
        process.terminate()
        process.wait()


def is_up(port: int) -> bool:
    try:
        return httpx.post(f"http://127.0.0.1:{port}/", content="").status_code == 200
    except httpx.TransportError:
        return False


def pin_threads(pid: int) -> None:
    """All threads that a process has by now; later ones inherit from the thread that starts them."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        machine.pin(machine.SERVER_CORE, int(thread))


def cold_start(upstream: Emulator, hidden: Sequence[str]) -> tuple[float, float, float]:
    """Seconds from the start of the process to its first 200 and to its first page, and MiB of memory a moment later.

    `hidden` are packages that cannot be imported there.
    """
    with ExitStack() as stack:
        running = stack.enter_context(Server(upstream))
        running.kill()
        running.environment["HIDDEN_PACKAGES"] = " ".join(hidden)
        running.environment["PYTHONPATH"] += f":{ROOT / 'bench' / 'as_installed'}"
        with running.log_file.open("ab") as log:
            began = time.perf_counter()
            command = [*machine.pinned(machine.SERVER_CORE), sys.executable, "-m", "config.server"]
            running.process = subprocess.Popen(command, cwd=ROOT, env=running.environment, stdout=log, stderr=log)
            wait_until(lambda: running.readiness() == 200, 30, every=0.002)
            ready = time.perf_counter() - began
            httpx.get(f"{running.url}/accounts/login/").raise_for_status()
            drawn = time.perf_counter() - began
        # It loads the rest when it has been up for a second.
        time.sleep(3)
        return ready, drawn, machine.Meter(running.pid).memory()
