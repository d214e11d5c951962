"""The streaming part: our server and the bare relay, in turns, so that what else the machine does falls on both."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bench import reading, targets
from bench.figures import Figure
from bench.machine import median
from bench.sse import ChatClient, RelayClient, Stream
from bench.streaming import PACE, Round, held, measured, one_after_another, summary, together, unpaced

CHATS = 600
Work = Callable[[Any], Awaitable[list[Stream]]]
Found = dict[str, list[dict[str, float]]]

SCENARIOS: dict[str, Work] = {
    "one": lambda client: one_after_another(client, 8),
    "twenty": lambda client: together(client, 20, 3),
    "hundred": lambda client: held(client, 100),
    "unpaced": unpaced,
}
LADDER = (50, 100, 200, 400)


class Side:
    """One of the two servers under the same load."""

    def __init__(self, client: Any, pid: int) -> None:
        self.client = client
        self.pid = pid

    def run(self, work: Work) -> Round:
        return asyncio.run(measured(self.pid, work(self.client)))


def measure(*, quick: bool) -> Iterator[Figure]:
    with targets.emulator() as upstream, targets.server(upstream) as server, targets.relay(upstream) as relay:
        key, chats = reading.seed(server, CHATS, 2)
        ours = Side(ChatClient(("127.0.0.1", server.port), key, chats), server.pid)
        theirs = Side(RelayClient(("127.0.0.1", relay.port)), relay.pid)
        warm_up(ours, theirs)
        streams = 50 if quick else 100
        memory = summary(ours.run(lambda client: held(client, streams)))["memory_per_stream"]
        found, limit = in_turns(ours, theirs, SCENARIOS, rounds=1 if quick else 5)
        yield from figures_of(found, limit, memory)
        yield from climbed(ours, theirs, LADDER[:2] if quick else LADDER, rounds=1 if quick else 3)


def warm_up(*sides: Side) -> None:
    for side in sides:
        side.run(lambda client: together(client, 20))


def in_turns(ours: Side, theirs: Side, scenarios: dict[str, Work], rounds: int) -> tuple[Found, Found]:
    found: Found = {name: [] for name in scenarios}
    limit: Found = {name: [] for name in scenarios}
    for _ in range(rounds):
        for name, work in scenarios.items():
            limit[name].append(summary(theirs.run(work)))
            found[name].append(summary(ours.run(work)))
    return found, limit


def figures_of(found: Found, limit: Found, memory: float) -> Iterator[Figure]:
    def value(of: Found, scenario: str, name: str) -> float:
        return median(one[name] for one in of[scenario])

    def figure(title: str, scenario: str, name: str, unit: str, **goal: float) -> Figure:
        return Figure(title, value(found, scenario, name), unit, limit=value(limit, scenario, name), **goal)

    yield figure("First token over the model's delay, 1 client, p50", "one", "first_p50", "ms", most=8)
    yield figure("The same, 1 client, the best", "one", "first_best", "ms")
    yield figure("The same, 20 clients, p50", "twenty", "first_p50", "ms", most=15)
    yield figure("The same, 20 clients, p95", "twenty", "first_p95", "ms", most=25)
    yield figure("CPU of 1,000 chunks, 100 paced streams", "hundred", "cpu_per_1000", "s", most=0.35)
    ratios = (
        ours["chunks_per_cpu"] / theirs["chunks_per_cpu"]
        for ours, theirs in zip(found["unpaced"], limit["unpaced"], strict=True)
    )
    yield figure("Unpaced chunks in a second of CPU, 16 clients", "unpaced", "chunks_per_cpu", "")
    yield Figure("The same as a part of the relay's", median(ratios), "", least=0.6)
    yield figure("Unpaced replies in a second, 16 clients", "unpaced", "replies_per_second", "")
    yield Figure("Memory of a live stream", memory, "MiB", most=0.1)


def climbed(ours: Side, theirs: Side, ladder: tuple[int, ...], rounds: int) -> Iterator[Figure]:
    """How many paced streams are held. Whatever else the machine does for a second fails one round, not the rung."""
    most = {"ours": 0, "theirs": 0}
    for streams in ladder:
        rung: dict[str, Work] = {"held": lambda client, streams=streams: held(client, streams)}  # type: ignore[misc]
        found, limit = in_turns(ours, theirs, rung, rounds)
        got = typical(found["held"])
        for name, reached in (("ours", got), ("theirs", typical(limit["held"]))):
            if is_held(reached):
                most[name] = streams
        paced = f"{streams} paced streams"
        yield Figure(f"{paced}: complete", 100 * got["complete"], "%", least=100)
        yield Figure(f"{paced}: gaps between two drawings, p95", got["gap_p95"], "ms")
        yield Figure(f"{paced}: first token over the model's delay, p95", got["first_p95"], "ms")
    yield Figure("Paced streams held (of those tried)", most["ours"], "", least=400, limit=most["theirs"])


def typical(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Complete only if all were; of the times the medians."""
    times = {name: median(one[name] for one in rounds) for name in ("gap_p95", "first_p95")}
    return times | {"complete": min(one["complete"] for one in rounds)}


def is_held(got: dict[str, float]) -> bool:
    """All complete, p95 of gaps under twice the pace, of first tokens under 500 ms."""
    return got["complete"] == 1 and got["gap_p95"] < 2000 * PACE and got["first_p95"] < 500
