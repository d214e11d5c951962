"""Pages and REST over histories of different sizes: how long one request takes, and how many queries."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import quote

from bench import targets
from bench.figures import KEPT, Figure
from bench.machine import SERVER_CORE, Meter, median, percentile, pinned
from bench.seed import COMMON, NEEDLE
from bench.sse import CSRF
from tests.processes import ROOT, Emulator, Server

TIMES, WARM_UP = 40, 5
# What takes longer than this is asked fewer times, in seconds.
PATIENCE = 8.0
# Sessions, and messages in each.
SIZES = ((10, 20), (2_000, 20), (10_000, 100))
# Milliseconds, by the number of messages.
GOALS = {
    40_000: {"list of chats": 6, "open a chat": 6, "search a rare word": 5},
    1_000_000: {"list of chats": 10, "open a chat": 10, "search a rare word": 30, "usage": 50, "REST stats": 50},
}
QUERIES = """
import json, sys
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(HTTP_HOST="127.0.0.1")
client.cookies["sessionid"] = sys.argv[1]
found = []
for path in sys.argv[2:]:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    found.append(len(queries))
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Milliseconds and bytes of one address; `best` and the server's processor time tolerate a busy machine."""

    name: str
    p50: float
    p95: float
    best: float
    cpu: float
    size: int
    queries: int


def seed(server: Server, sessions: int, messages: int) -> tuple[str, list[int]]:
    """A session key of the one user, and ids of chats, made unless they are there."""
    [key] = server.sign_in("bench")
    command = [*pinned(SERVER_CORE), sys.executable, "-m", "bench.seed", str(sessions), str(messages)]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, check=True, capture_output=True, text=True)
    return key, [int(pk) for pk in done.stdout.split()]


def measure(upstream: Emulator, *, quick: bool) -> Iterator[tuple[int, list[Reading]]]:
    """By the number of messages. A database of a million takes minutes to fill, so it is kept for the next run."""
    for sessions, messages in SIZES[:2] if quick else SIZES:
        KEPT.mkdir(parents=True, exist_ok=True)
        file = KEPT / f"{sessions}x{messages}.sqlite3"
        with targets.server(upstream, DATABASE_URL=f"sqlite:///{file}") as server:
            key, chats = seed(server, sessions, messages)
            yield sessions * messages, read_all(server, key, chats[len(chats) // 2])


def figures_of(messages: int, readings: list[Reading]) -> Iterator[Figure]:
    for one in readings:
        goal = GOALS.get(messages, {}).get(one.name)
        yield Figure(f"{messages:,} messages, {one.name}, p50", one.p50, "ms", most=goal)


def addresses(chat: int) -> dict[str, str]:
    return {
        # What the way there and back takes, and how fast the machine is.
        "nothing": "/healthz",
        "list of chats": "/gemini/",
        "open a chat": f"/gemini/chat/{chat}/",
        "search a rare word": f"/gemini/?q={quote(NEEDLE)}",
        "search a common word": f"/gemini/?q={quote(COMMON)}",
        "usage": "/gemini/usage/?period=30d",
        "export .md": f"/gemini/chat/{chat}.md",
        "REST list": "/api/v1/gemini/chat-sessions/",
        "REST session": f"/api/v1/gemini/chat-sessions/{chat}/",
        "REST search": f"/api/v1/gemini/chat-messages/?search={quote(NEEDLE)}",
        "REST stats": "/api/v1/gemini/chat-sessions/stats/",
    }


def read_all(server: Server, key: str, chat: int) -> list[Reading]:
    paths = addresses(chat)
    queries = json.loads(server.script(QUERIES, key, *paths.values()))
    # Not httpx, which takes as long for a request as the server does for a small page.
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as client:
        return [
            read(client, server.pid, key, name, path, count)
            for (name, path), count in zip(paths.items(), queries, strict=True)
        ]


def read(client: HTTPConnection, pid: int, key: str, name: str, path: str, queries: int) -> Reading:
    headers = {"Cookie": f"sessionid={key}; csrftoken={CSRF}", "Accept-Encoding": "gzip"}
    times: list[float] = []
    meter = Meter(pid)
    deadline = time.perf_counter() + PATIENCE
    while len(times) < 2 or (len(times) < WARM_UP + TIMES and time.perf_counter() < deadline):
        began = time.perf_counter()
        client.request("GET", path, headers=headers)
        response = client.getresponse()
        body = response.read()
        times.append(1000 * (time.perf_counter() - began))
        if response.status != 200:
            return Reading(name, *[float("nan")] * 4, size=0, queries=queries)
    warm = times[min(WARM_UP, len(times) - 1) :]
    cpu = 1000 * meter.cpu_since() / len(times)
    return Reading(name, median(warm), percentile(warm, 0.95), min(warm), cpu, len(body), queries)
