"""What the demo model says about meetings: the figures that it was sent, put into other places."""

import re
from datetime import date, timedelta
from typing import Any

MARKER = "Проанализируй мои встречи"
DAY = re.compile(r"^(\S+, \d+ \S+): .*?(?:\((\d+) %\))?(?:; свободно (.+))?$", re.MULTILINE)
OVERLAP = re.compile(r"^- (\S+, \d+ \S+ [\d:–]+): («.+» и «.+»)$", re.MULTILINE)
TEXT = """## Нагрузка

{total} {busiest}

## Пересечения

{overlaps}

## Куда ставить новые встречи

{free}

## К ближайшей встрече

{next}

> Я **демонстрационная модель**: эти числа посчитал сайт, я только переставила слова.
"""


def answer(text: str) -> str:
    total = re.search(r"^Итого: .+$", text, re.MULTILINE)
    days = [(name, int(share or 0), free) for name, share, free in DAY.findall(text)]
    busiest = max(days, key=lambda day: day[1], default=("", 0, ""))
    overlaps = [f"- **{when}** — {pair}. Вторую стоит сдвинуть." for when, pair in OVERLAP.findall(text)]
    free = [f"- **{name}**: {slots}" for name, _, slots in days if slots]
    upcoming = re.search(r"^Ближайшая встреча:\n((?:- .+\n?)+)", text, re.MULTILINE)
    return TEXT.format(
        total=total[0] if total else "",
        busiest=f"Плотнее всего **{busiest[0]}**." if busiest[1] else "",
        overlaps="\n".join(overlaps) or "Их нет.",
        free="\n".join(free[:3]) or "Свободного рабочего времени не осталось.",
        next=f"{upcoming[1].strip()}\n\nПрочтите описание, выпишите два вопроса и решение, которого ждёте."
        if upcoming
        else "В этом периоде встреч впереди нет.",
    )


def days_in(asked: str, today: date) -> dict[str, str]:
    """Which days a question is about; without a word of that, this week."""
    shift = next((days for word, days in (("завтра", 1), ("сегодня", 0)) if word in asked), None)
    if shift is not None:
        return {"from": (today + timedelta(days=shift)).isoformat()}
    monday = today - timedelta(days=today.weekday())
    return {"from": monday.isoformat(), "to": (monday + timedelta(days=6)).isoformat()}


def listed(data: dict[str, Any]) -> str:
    """The events that the calendar gave."""
    rows = [f"- {one['day']}, {one['time']}: **{one['title']}**" for one in data["events"][:20]]
    return "В календаре:\n\n" + "\n".join(rows) if rows else "В календаре на эти дни ничего нет."
