"""What is paid, in groups that may be compared: one currency, one tax, one period. Never mixed, never converted."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

from gemini.sources.vacancies.shapes import Pay, Vacancy


def statistics(vacancies: Iterable[Vacancy]) -> dict[str, Any]:
    """By groups, the largest first. Lower and upper bounds apart: «от» and «до» are no salaries but limits."""
    groups: dict[tuple[str, str, str], list[Pay]] = defaultdict(list)
    silent = 0
    for vacancy in vacancies:
        if vacancy.pay and (vacancy.pay.low or vacancy.pay.high):
            groups[vacancy.pay.kind].append(vacancy.pay)
        else:
            silent += 1
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return {
        "looked_at": silent + sum(map(len, groups.values())),
        "without_salary": silent,
        "groups": [group_as_json(kind, pays) for kind, pays in ordered],
    }


def group_as_json(kind: tuple[str, str, str], pays: list[Pay]) -> dict[str, Any]:
    currency, tax, per = kind
    lows = sorted(Decimal(pay.low) for pay in pays if pay.low)
    highs = sorted(Decimal(pay.high) for pay in pays if pay.high)
    middles = sorted((Decimal(pay.low) + Decimal(pay.high)) / 2 for pay in pays if pay.low and pay.high)
    return {
        "currency": currency,
        "tax": tax or "unknown",
        "per": per,
        "count": len(pays),
        **bounds("from", lows),
        **bounds("to", highs),
        **({"median_of_middles": number(median(middles)), "with_both_bounds": len(middles)} if middles else {}),
    }


def bounds(name: str, values: list[Decimal]) -> dict[str, Any]:
    if not values:
        return {}
    return {
        f"{name}_median": number(median(values)),
        f"{name}_lowest": number(values[0]),
        f"{name}_highest": number(values[-1]),
    }


def number(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')).normalize():f}"
