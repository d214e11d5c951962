"""Answers that stream: from the question to the first word, many at once, as fast as they come."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bench.machine import Meter, median, percentile
from bench.sse import Stream

FIRST = 0.2  # Seconds that the model thinks before its first word.
PACE = 0.05
CHUNKS = 50
WORDS = f"[[words {CHUNKS}]] [[chunk 9]] [[first {FIRST}]]"
PACED, UNPACED = f"{WORDS} [[pace {PACE}]]", f"[[words {CHUNKS}]] [[chunk 9]] [[first 0]] [[pace 0]]"


@dataclass(frozen=True, slots=True)
class Round:
    """One scenario once. Overheads and gaps in milliseconds, CPU in seconds, memory in MiB."""

    streams: list[Stream]
    cpu: float
    memory: float
    seconds: float

    @property
    def overheads(self) -> list[float]:
        return [1000 * (stream.first - stream.asked - FIRST) for stream in self.streams]

    @property
    def complete(self) -> int:
        return sum(stream.complete for stream in self.streams)

    @property
    def chunks(self) -> int:
        return CHUNKS * len(self.streams)


async def measured(pid: int, work: Awaitable[list[Stream]]) -> Round:
    meter, began = Meter(pid), time.perf_counter()
    watching = asyncio.ensure_future(watch_memory(meter))
    streams = await work
    watching.cancel()
    return Round(streams, meter.cpu_since(), meter.peak - meter.memory_before, time.perf_counter() - began)


async def watch_memory(meter: Meter) -> None:
    while True:
        meter.peak = max(meter.peak, meter.memory())
        await asyncio.sleep(0.2)


async def one_after_another(client: Any, times: int) -> list[Stream]:
    return [await client.ask(PACED.replace(str(CHUNKS), "3"), number) for number in range(times)]


async def together(client: Any, clients: int, rounds: int = 1) -> list[Stream]:
    """So many at once, spread over 200 ms as people are, each asking again when it has its answer."""

    async def one(number: int) -> list[Stream]:
        await asyncio.sleep(number / clients * 0.2)
        return [await client.ask(PACED.replace(f"words {CHUNKS}", "words 10"), number) for _ in range(rounds)]

    return list(chain.from_iterable(await asyncio.gather(*map(one, range(clients)))))


async def held(client: Any, clients: int) -> list[Stream]:
    """Paced streams, arriving at 100 a second."""

    async def one(number: int) -> Stream:
        await asyncio.sleep(number / 100)
        return await client.ask(PACED, number)

    return await asyncio.gather(*map(one, range(clients)))


async def unpaced(client: Any, clients: int = 16, each: int = 6) -> list[Stream]:
    async def one(number: int) -> list[Stream]:
        return [await client.ask(UNPACED, number) for _ in range(each)]

    return list(chain.from_iterable(await asyncio.gather(*map(one, range(clients)))))


def summary(round_: Round) -> dict[str, float]:
    gaps = [1000 * gap for stream in round_.streams for gap in stream.gaps]
    return {
        "complete": round_.complete / len(round_.streams),
        "first_best": min(round_.overheads),
        "first_p50": median(round_.overheads),
        "first_p95": percentile(round_.overheads, 0.95),
        "gap_p95": percentile(gaps, 0.95),
        "cpu_per_1000": 1000 * round_.cpu / round_.chunks,
        "memory_per_stream": round_.memory / len(round_.streams),
        "chunks_per_cpu": round_.chunks / max(round_.cpu, 0.01),
        "replies_per_second": len(round_.streams) / round_.seconds,
    }
