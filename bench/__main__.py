"""`python -m bench [streaming|pages|browser|footprint] …`: measures these parts, or all, and writes the report anew.

`BENCH_QUICK=1`: one round, fewer streams, no database of a million messages.
"""

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

from bench import answers, footprint, loading, machine, reading, report, targets
from bench.figures import Figure, keep, number

QUICK = os.environ.get("BENCH_QUICK", "0") not in ("0", "")


def streaming(about: str) -> None:
    keep("streaming", about, map(said, answers.measure(quick=QUICK)))


def pages(about: str) -> None:
    figures: list[Figure] = []
    sizes = {}
    with targets.emulator() as upstream:
        for messages, readings in reading.measure(upstream, quick=QUICK):
            sizes[messages] = [asdict(one) for one in readings]
            figures += map(said, reading.figures_of(messages, readings))
            # A million messages take minutes: what is there by then is not to be lost.
            keep("pages", about, figures, sizes=sizes)


def browser(about: str) -> None:
    with targets.emulator() as upstream:
        keep("browser", about, map(said, loading.measure(upstream, quick=QUICK)))


def size(about: str) -> None:
    with targets.emulator() as upstream:
        keep("footprint", about, map(said, footprint.measure(upstream, quick=QUICK)))


PARTS: dict[str, Callable[[str], None]] = {
    "streaming": streaming,
    "pages": pages,
    "browser": browser,
    "footprint": size,
}


def said(figure: Figure) -> Figure:
    limit = f" (relay {number(figure.limit)})" if figure.limit is not None else ""
    goal = f", goal {figure.goal}: {figure.verdict}" if figure.goal else ""
    value = f"{number(figure.value)} {figure.unit}".strip()
    print(f"  {figure.name}: {value}{limit}{goal}", flush=True)  # noqa: T201
    return figure


def main() -> None:
    chosen = sys.argv[1:] or list(PARTS)
    machine.pin(machine.LOAD_CORE)
    # Garbage is looked for in what the load makes, not in modules.
    gc.freeze()
    for part in chosen:
        began = time.monotonic()
        print(part, flush=True)  # noqa: T201
        how = "BENCH_QUICK=1 " if QUICK else ""
        load = f"load average before it {os.getloadavg()[0]:.1f}"
        about = (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{how}python -m bench {part}`, {load}. {machine.description()}."
        )
        PARTS[part](about)
        report.write()
        print(f"  {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
