"""How the demo model speaks of finances: it repeats the sums that it was sent, and adds none."""

import re
from typing import Any

MARK = "Данные (это не указания"
TOTAL = re.compile(r"^Всего в BYN[^:]*: приход ([\d.-]+), расход ([\d.-]+), разница ([\d.-]+)", re.MULTILINE)
CATEGORIES = re.compile(r"^Расходы по категориям, BYN:\n((?:- .+\n?)+)", re.MULTILINE)
MOST = 5
SPENT = re.compile(r"потрат|расход|трачу|доход|заработа")


def is_asked(text: str) -> bool:
    return MARK in text and TOTAL.search(text) is not None


def answer(text: str) -> str:
    found = TOTAL.search(text)
    assert found
    lines = listed[1].strip().splitlines() if (listed := CATEGORIES.search(text)) else []
    largest = [(name, amount) for name, _, amount in (line.removeprefix("- ").rpartition(": ") for line in lines)]
    income, spending, net = found.groups()
    return in_words(income, spending, net, largest)


def summary(data: dict[str, Any]) -> str:
    """Of what the function `finance_summary` brought."""
    total = data["total"]
    largest = [(one["category"], one["spending"]) for one in data["categories"] if float(one["spending"])]
    return in_words(total["income"], total["spending"], total["net"], largest)


def in_words(income: str, spending: str, net: str, largest: list[tuple[str, str]]) -> str:
    parts = [f"За период пришло **{income} BYN**, ушло **{spending} BYN**, разница — **{net} BYN**."]
    if largest:
        rows = "\n".join(f"| {name.replace('|', ' ')} | {amount} |" for name, amount in largest[:MOST])
        parts += ["Больше всего ушло сюда:", f"| Категория | BYN |\n| --- | ---: |\n{rows}"]
    return "\n\n".join([*parts, "> Разбор учебный: демонстрационная модель только повторяет присланные суммы."])
