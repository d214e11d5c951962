"""Bars as numbers, for the template that draws them: whole numbers, in units of the drawing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from gemini.usage.report import Report
from gemini.usage.tally import Tally

HEIGHT = 1000
STEP, BAR = 10, 8
# What is there at all is to be seen.
LEAST = 12


@dataclass(frozen=True, slots=True)
class Segment:
    part: str
    y: int
    height: int


@dataclass(slots=True)
class Bar:
    span: str
    x: int
    value: Any
    segments: list[Segment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """`highest` is the bar with the greatest value; None when there is nothing to draw."""

    name: str
    bars: list[Bar]
    highest: Bar | None

    @property
    def width(self) -> int:
        return max(len(self.bars), 1) * STEP

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def bar(self) -> int:
        return BAR


Parts = Callable[[Tally], Iterable[tuple[str, Any]]]
PARTS: dict[str, Parts] = {
    "tokens": lambda tally: (("input", tally.input_tokens), ("output", tally.output_tokens)),
    "money": lambda tally: (("money", tally.cost),),
    "failures": lambda tally: (("failures", tally.failures),),
}


def charts(report: Report) -> list[Chart]:
    return [chart(name, report.spans, parts) for name, parts in PARTS.items()]


def chart(name: str, spans: dict[str, Tally], parts: Parts) -> Chart:
    most = max((sum(value for _, value in parts(tally)) for tally in spans.values()), default=0)
    bars = [bar(number, span, parts(tally), most) for number, (span, tally) in enumerate(spans.items())]
    return Chart(name, bars, max(bars, key=lambda bar: bar.value) if most else None)


def bar(number: int, span: str, parts: Iterable[tuple[str, Any]], most: Any) -> Bar:
    drawn = Bar(span, number * STEP + (STEP - BAR) // 2, 0)
    y = HEIGHT
    for part, value in parts:
        drawn.value += value
        if value:
            height = max(round(value * HEIGHT / most), LEAST)
            y -= height
            drawn.segments.append(Segment(part, y, height))
    return drawn
