"""What a number of calls add up to."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from gemini.models import GeminiCall

Purpose = GeminiCall.Purpose

# What somebody waited for: a title is made, and a key is tested, beside that.
ANSWERING = frozenset((Purpose.REPLY, Purpose.GENERATE, Purpose.ANALYZE))
# How a call came out, by its code; `failed` are all the others.
DONE, STOPPED = "", "stopped"


@dataclass(slots=True)
class Cell:
    """The calls that differ in nothing but numbers. Times are in milliseconds."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    first_token_total: int = 0
    first_tokens: int = 0
    durations: "array[int]" = field(default_factory=lambda: array("L"))


@dataclass(slots=True)
class Tally:
    """Money in US dollars; `unpriced` are the models whose tokens are in the count and not in the money."""

    calls: int = 0
    answers: int = 0
    failures: int = 0
    stopped: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced: set[str] = field(default_factory=set)
    first_token_total: int = 0
    first_tokens: int = 0
    durations: "array[int]" = field(default_factory=lambda: array("L"))

    def add(self, cell: Cell, model: str, purpose: str, code: str, cost: Decimal | None, *, timed: bool) -> None:
        """`timed`: whether these calls' time is to count."""
        self.calls += cell.calls
        self.input_tokens += cell.input_tokens
        self.output_tokens += cell.output_tokens
        if code == DONE:
            self.answers += cell.calls if purpose in ANSWERING else 0
        elif code == STOPPED:
            self.stopped += cell.calls
        else:
            self.failures += cell.calls
        if cost is None:
            self.unpriced.add(model)
        else:
            self.cost += cost
        self.first_token_total += cell.first_token_total
        self.first_tokens += cell.first_tokens
        if timed:
            self.durations.extend(cell.durations)

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def money(self) -> Decimal | None:
        """None when no price is known for anything that was used."""
        return None if self.unpriced and not self.cost else self.cost

    @property
    def average(self) -> float | None:
        """Seconds of a successful call; None without one."""
        return sum(self.durations) / len(self.durations) / 1000 if self.durations else None

    @property
    def p95(self) -> float | None:
        """Seconds within which 95 of 100 successful calls ended."""
        return percentile(self.durations, 95) / 1000 if self.durations else None

    @property
    def first_token(self) -> float | None:
        """Seconds to the first word, on average; only replies that are streamed have one."""
        return self.first_token_total / self.first_tokens / 1000 if self.first_tokens else None


def percentile(values: Iterable[int], percent: int) -> int:
    """The smallest value that `percent` of 100 values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1]
