"""CPU that each engine takes for 1,000 chunks: `python -m bench.engines`, one client core, the emulator on another.

Rounds of both engines take turns, so that what else the machine does falls on both; the median and the ratio count.
"""

import asyncio
import os
import statistics
import sys
import time
from importlib import import_module

sys.path.insert(0, "site")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from gemini.engines import GenerateRequest  # noqa: E402
from tests.processes import Emulator  # noqa: E402

ENGINES = ("generativeai", "genai")
STREAMS, CHUNKS, ROUNDS = 16, 60, 7


async def round_of(engine) -> float:
    """Seconds of CPU for 1,000 chunks."""
    # A chunk of the emulator's is three words.
    contents = [{"role": "user", "parts": [{"text": f"[[words {CHUNKS * 3}]] [[pace 0]] [[first 0]]"}]}]
    request = GenerateRequest("gemini-flash-latest", contents)

    async def one() -> int:
        return len([chunk async for chunk in engine.stream("test-bench", request)])

    began = time.process_time()
    chunks = sum(await asyncio.gather(*(one() for _ in range(STREAMS))))
    return (time.process_time() - began) / chunks * 1_000


async def main() -> None:
    with Emulator(pace=0, first_token=0) as emulator:
        engines = {
            name: import_module(f"gemini.engines.{name}").open_engine(emulator.endpoint_for(name), "")
            for name in ENGINES
        }
        taken: dict[str, list[float]] = {name: [] for name in ENGINES}
        for number in range(ROUNDS + 1):
            for name, engine in engines.items():
                seconds = await round_of(engine)
                # The first one makes connections.
                if number:
                    taken[name].append(seconds)
        for engine in engines.values():
            await engine.aclose()
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, seconds in medians.items():
        print(f"{name}: {seconds:.3f} CPU s for 1,000 chunks")  # noqa: T201
    print(f"genai takes {medians['genai'] / medians['generativeai']:.1f} times as much")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
