"""`docs/performance.md` and its picture, out of the newest figures of each part."""

from collections.abc import Iterable, Iterator
from typing import Any

from bench import curve
from bench.figures import Figure, kept, number
from tests.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance" / "growth.svg"

TITLES = {
    "streaming": "Answers that stream",
    "pages": "Pages and REST, by how much there is",
    "browser": "A chat of twenty messages in Chromium",
    "footprint": "To have it running",
}
INTRODUCTION = """\
# Performance

Made by `make bench` (`BENCH_QUICK=1` for two minutes instead of five to ten; `python -m bench streaming` for one part).
The server has core 0 to itself; load and Gemini's stand-in share core 1. Figures of streaming are medians of rounds
that alternate with a bare relay (`bench/relay.py`: uvicorn and httpx, nothing stored), which is the limit on the same
machine in the same minutes. The goals are the design's, section 9.

What was tried, and what is near its limit: [performance-notes.md](performance-notes.md).
"""


def write() -> None:
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join([INTRODUCTION, *sections()]))
    pages = kept("pages")
    if pages:
        PICTURE.write_text(curve.drawn("Milliseconds of one request by the number of messages", series(pages["sizes"])))


def sections() -> Iterator[str]:
    for part, title in TITLES.items():
        found = kept(part)
        if found is None:
            continue
        yield f"## {title}\n"
        yield f"{found['machine']}\n"
        yield from (growth(found["sizes"], found["figures"]) if part == "pages" else table(found["figures"]))
        yield ""


def table(figures: Iterable[Figure]) -> Iterator[str]:
    yield "| what | measured | relay | goal | |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for one in figures:
        value = f"{number(one.value)} {one.unit}".strip()
        yield f"| {one.name} | {value} | {number(one.limit)} | {one.goal} | {one.verdict} |"


def growth(sizes: dict[str, list[dict[str, Any]]], figures: Iterable[Figure]) -> Iterator[str]:
    """Each address in a row; then the goals."""
    yield "One request in milliseconds: p50 / p95 / the best, (processor time of the server), and its queries.\n"
    yield "| what | " + " | ".join(f"{int(messages):,} messages" for messages in sizes) + " |"
    yield "| --- |" + " ---: |" * len(sizes)
    for row in zip(*sizes.values(), strict=True):
        cells = map(cell, row)
        yield f"| {row[0]['name']} | " + " | ".join(cells) + " |"
    yield "\n![Growth](performance/growth.svg)\n"
    yield from table(one for one in figures if one.is_met is not None)


def cell(one: dict[str, Any]) -> str:
    times = " / ".join(number(one[name]) for name in ("p50", "p95", "best") if one[name] is not None)
    cpu = f" ({number(one['cpu'])})" if one["cpu"] is not None else ""
    return f"{times}{cpu}, {one['queries']}"


def series(sizes: dict[str, list[dict[str, Any]]]) -> curve.Series:
    names = [one["name"] for one in next(iter(sizes.values()))]
    return {
        name: [(int(messages), readings[place]["p50"]) for messages, readings in sizes.items()]
        for place, name in enumerate(names)
    }
