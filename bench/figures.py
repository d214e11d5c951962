"""What was measured, beside what was promised. Goals: the founders' design, section 9."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.processes import ROOT

KEPT = ROOT / "var" / "bench"


@dataclass(frozen=True, slots=True)
class Figure:
    """`most` and `least` are the goal, None where there is none; `limit` is the bare relay's on the same machine."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    limit: float | None = None

    @property
    def is_met(self) -> bool | None:
        """None where nothing was promised; what could not be measured is not met."""
        if self.most is None and self.least is None:
            return None
        low, high = self.least is None or self.value >= self.least, self.most is None or self.value <= self.most
        return not math.isnan(self.value) and low and high

    @property
    def goal(self) -> str:
        if self.most is not None:
            return f"≤ {number(self.most)}"
        return f"≥ {number(self.least)}" if self.least is not None else ""

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**not met**", None: ""}[self.is_met]


def number(value: float | None) -> str:
    """Three significant digits: more would promise what no such measurement holds."""
    if value is None:
        return ""
    if math.isnan(value):
        return "failed"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"


def keep(part: str, machine: str, figures: Iterable[Figure], **more: Any) -> None:
    """A part's figures stay until it is measured again: the report is made of the newest of each."""
    KEPT.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine, "figures": [asdict(figure) for figure in figures], **more}
    (KEPT / f"{part}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1))


def kept(part: str) -> dict[str, Any] | None:
    file: Path = KEPT / f"{part}.json"
    if not file.exists():
        return None
    found: dict[str, Any] = json.loads(file.read_text())
    found["figures"] = [Figure(**figure) for figure in found["figures"]]
    return found
