"""Growth as a picture: time by the number of messages, both in powers of ten; a straight line is a power law."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 56, 190, 16, 40
COLOURS = (
    *("#3457a6", "#b4531f", "#2f7d4f", "#8a3f8f", "#a07d12", "#317f8f"),
    *("#8f3344", "#5b5b5b", "#6b8e23", "#c06090", "#4a4a8a"),
)
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#26313f}line{stroke:#cdd3da}"
    "@media(prefers-color-scheme:dark){text{fill:#dbe2ea}line{stroke:#3d4854}}"
)

Series = Mapping[str, Sequence[tuple[int, float]]]


def drawn(title: str, series: Series) -> str:
    """An SVG file; each line is named at its end."""
    known = [point for points in series.values() for point in points if point[1] > 0]
    across = Scale([x for x, _ in known], LEFT, WIDTH - RIGHT)
    up = Scale([y for _, y in known], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
    ]
    for power in up.powers:
        y = up.at(10.0**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g} ms</text>')
    for messages in sorted({x for x, _ in known}):
        x = across.at(messages)
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{messages:,}</text>')
    names = apart({name: up.at(points[-1][1]) for name, points in series.items() if points[-1][1] > 0})
    for (name, points), colour in zip(series.items(), COLOURS, strict=False):
        if name in names:
            line = " ".join(f"{across.at(x):.0f},{up.at(y):.0f}" for x, y in points if y > 0)
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
            x = WIDTH - RIGHT + 8
            parts.append(f'<text x="{x}" y="{names[name] + 4:.0f}" style="fill:{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


class Scale:
    """From a value to where it is drawn, by its logarithm."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self.low, self.high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.begin, self.end = begin, end

    @property
    def powers(self) -> range:
        return range(self.low, self.high + 1)

    def at(self, value: float) -> float:
        return self.begin + (math.log10(value) - self.low) / max(self.high - self.low, 1) * (self.end - self.begin)


def apart(places: Mapping[str, float], least: float = 15) -> dict[str, float]:
    """The same places, moved down where names would lie on each other."""
    moved: dict[str, float] = {}
    last = -least
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        moved[name] = last = max(place, last + least)
    return moved
