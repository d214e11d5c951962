"""Hundreds of live streams for minutes in one process, and nothing of them left behind."""

import asyncio
import contextlib
import time

import psutil
import pytest

from bench.machine import percentile
from bench.reading import seed
from config.trimming import TRIM_EVERY
from tests import postgres
from tests.processes import Emulator, Server, wait_until
from tests.torture.lengths import FULL, STREAM_SECONDS, STREAMS
from tests.torture.readers import Reader, Tally
from tests.torture.results import spaced, write

# Gemini sends a chunk of a few dozen characters several times a second at best. Seconds.
PACE = 0.5
# A whole answer takes its reader half a minute, then the next is asked for. Readers come one after another, so that
# their questions do not come all at once.
CHUNKS = 55 if FULL else 6
PROMPT = f"[[words {11 * CHUNKS}]] [[chunk 90]] [[first 0.3]] [[pace {PACE}]] [[stamp]]"
ARRIVAL = CHUNKS * PACE
MOST_DELAY = 500
# A shortened run shares its processor with other tests: there it only has to arrive.
DELAY_BOUND = MOST_DELAY if FULL else 5_000
# MiB and descriptors that may stay: what the allocator keeps, connections of the pool's threads.
MORE_MEMORY, MORE_DESCRIPTORS = 48, 60
COUNTS = """
from django.db.models import Count
from gemini.models import ChatMessage
print(*(f"{row['status']}:{row['n']}" for row in ChatMessage.objects.values("status").annotate(n=Count("pk"))))
"""


@contextlib.contextmanager
def server_on(kind: str):
    with Emulator() as upstream, contextlib.ExitStack() as stack:
        if kind == "SQLite":
            yield stack.enter_context(Server(upstream))
        else:
            url = stack.enter_context(postgres.database("t_torture_streams"))
            yield stack.enter_context(postgres.PostgresServer(upstream, DATABASE_URL=url))


async def read_for(seconds: float, reader: Reader, prompt: str) -> Tally:
    """Every reader asks again when it has its answer, until the time is over and the last answers have come."""
    tally, ends = Tally(), time.monotonic() + ARRIVAL + seconds

    async def one(number: int) -> None:
        await asyncio.sleep(number / STREAMS * ARRIVAL)
        while time.monotonic() < ends:
            await reader.read(prompt, number, tally)

    await asyncio.gather(*(one(number) for number in range(STREAMS)))
    return tally


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
async def test_all_of_them_arrive_in_time_and_leave_nothing_behind(kind):
    if kind == "PostgreSQL" and not postgres.is_there():
        pytest.skip("no PostgreSQL")
    with server_on(kind) as server:
        key, chats = seed(server, STREAMS, 2)
        reader = Reader(("127.0.0.1", server.port), key, chats)
        process = psutil.Process(server.pid)
        # The first answers import the SDK, open its channels and the pool's connections: they are no leak.
        await read_for(1, reader, "[[words 30]] [[pace 0.1]] [[stamp]]")
        base = process.num_fds(), process.memory_info().rss / 2**20
        peak, cpu, began = [0, 0.0], sum(process.cpu_times()[:2]), time.monotonic()

        async def observe() -> None:
            while True:
                peak[:] = max(peak[0], process.num_fds()), max(peak[1], process.memory_info().rss / 2**20)
                await asyncio.sleep(1)

        observing = asyncio.create_task(observe())
        tally = await read_for(STREAM_SECONDS, reader, PROMPT)
        observing.cancel()
        seconds = time.monotonic() - began
        share = (sum(process.cpu_times()[:2]) - cpu) / seconds

        assert not tally.wrong, tally.wrong[:3]
        assert peak[0] >= base[0] + STREAMS * 0.8, "the readers have to be there for this to mean anything"
        states = dict(pair.split(":") for pair in server.script(COUNTS).split())
        assert set(states) == {"done"}
        assert "Traceback" not in server.log(), server.log()
        p50, p99 = percentile(tally.delays, 0.5), percentile(tally.delays, 0.99)
        wait_until(lambda: process.num_fds() <= base[0] + MORE_DESCRIPTORS, 30, every=0.5)
        # What was freed goes back to the system at the next look (`config.trimming`).
        await asyncio.sleep(TRIM_EVERY + 5)
        after = process.num_fds(), process.memory_info().rss / 2**20
    measured = (
        f"{spaced(tally.complete)} ответов, {spaced(len(tally.delays))} фрагментов; задержка p50 {p50} мс, "
        f"p99 {p99} мс, самая большая {spaced(max(tally.delays))} мс; дескрипторы {base[0]} → {peak[0]} → {after[0]}, "
        f"память {base[1]:.0f} → {peak[1]:.0f} → {after[1]:.0f} МиБ; {share:.2f} ядра"
    )
    in_time, back = p99 <= DELAY_BOUND, after[1] <= base[1] + MORE_MEMORY
    write(
        f"{STREAMS} потоков {STREAM_SECONDS / 60:.0f} минут в одном процессе, {kind}",
        f"без ошибок; задержка фрагмента p99 ≤ {MOST_DELAY} мс; дескрипторы и память как до того",
        measured if in_time and back else f"**не выполнено:** {measured}",
    )
    assert in_time, measured
    assert back, measured
