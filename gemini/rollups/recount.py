"""Proves what is stored: computes it anew from messages and calls, and tells the differences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections

from gemini.rollups.contents import Table
from gemini.rollups.upkeep import keeper

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """`stored` is None for a row that is missing, `counted` for one that should not be there."""

    table: str
    key: Row
    stored: Row | None
    counted: Row | None


def differences(using: str) -> Iterator[Difference]:
    for table in keeper.backend_of(connections[using]).TABLES:
        yield from differences_in(using, table)


def mend(using: str) -> None:
    """Makes all of it anew; who writes messages waits meanwhile, a few seconds for a million of them."""
    keeper.backend_of(connections[using]).install(connections[using])


def differences_in(using: str, table: Table) -> Iterator[Difference]:
    """One statement, so both sides are of one moment, and nobody who writes has to wait."""
    stored, counted = f"SELECT {table.columns} FROM {table.name}", table.query
    with connections[using].cursor() as cursor:
        cursor.execute(f"""
            WITH stored AS ({stored}), counted AS ({counted})
            SELECT 0, apart.* FROM (SELECT * FROM stored EXCEPT SELECT * FROM counted) AS apart
            UNION ALL
            SELECT 1, apart.* FROM (SELECT * FROM counted EXCEPT SELECT * FROM stored) AS apart""")  # nosec B608 # names of our own tables
        sides: tuple[dict[Any, Row], dict[Any, Row]] = ({}, {})
        for side, *values in cursor.fetchall():
            key, rest = values[: len(table.key)], values[len(table.key) :]
            sides[side][tuple(key)] = {name: plain(value) for name, value in zip(table.values, rest, strict=True)}
    for key in sides[0] | sides[1]:
        found = Difference(table.name, dict(zip(table.key, key, strict=True)), *(side.get(key) for side in sides))
        if found.stored != found.counted:
            yield found


def plain(value: Any) -> Any:
    """The numbers of a list are in no order."""
    return ",".join(sorted(value.split(","))) if isinstance(value, str) else value
