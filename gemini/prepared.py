"""Statements that Django builds once, for what every request and every reply asks and writes.

Of a query by the primary key nine tenths of the time are building it: filters become a tree, the tree becomes SQL. Here
the SQL is kept, and only its values change. Measured on one machine in one minute: a session of a user's
908 → 144 µs, a message with its session 1,411 → 132 µs, of which `execute` is 26.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.transaction import TransactionManagementError

from gemini.sql import Connection, current_connection, fetch_all, fetch_one, how_many, run, written_down

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")

# What stands for the values while the SQL is made: nothing else in a query is like these.
MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 2**52 + number,
    str: lambda number: f"\ue000 {number}",
    datetime: lambda number: datetime(3_000, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
}
LARGEST = 2**63 - 1


class Statement:
    """SQL that was made with marks in the place of its values; words that never change are a part of it.

    Bound as parameters they cost a lot: where one decides whether a partial index serves, as the status of replies that
    are being written does, SQLite compiles the statement anew with each run. With 200 of them 124 -> 12 us.
    """

    def __init__(self, sql: str, params: Sequence[Any], marks: Sequence[Any]) -> None:
        written = written_down(marks, current_connection())
        # Each parameter as it is, or the number of the value that comes in its place.
        self.params: list[tuple[int | None, Any]] = []
        left = iter(params)

        def place(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return found[0]
            one = next(left)
            if one in written:
                self.params.append((written.index(one), None))
            elif isinstance(one, str):
                return literal(one)
            else:
                self.params.append((None, one))
            return found[0]

        self.sql = re.sub("%s|%%", place, sql)

    def run(self, connection: Connection, values: Sequence[Any], take: Callable[[Any], T]) -> T:
        bound = written_down(values, connection)
        params = [fixed if number is None else bound[number] for number, fixed in self.params]
        return run(connection, self.sql, params, take)


def literal(text: str) -> str:
    """A constant of ours as it stands in SQL that is still to get its parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def marks_for(types: Sequence[type]) -> list[Any]:
    return [MARKS[kind](number) for number, kind in enumerate(types)]


def can_be_held(values: Sequence[Any]) -> bool:
    """No row has a number past these, and SQLite cannot even be asked for it."""
    return all(-LARGEST <= value <= LARGEST for value in values if isinstance(value, int))


@dataclass(frozen=True, slots=True)
class Plan:
    """A query of one database's kind, ready to be run."""

    statement: Statement
    model: type[models.Model]
    columns: slice
    names: list[str]
    converters: list[tuple[int, Any, Any]]
    populators: list[Any]
    # Names of annotations, and where they stand.
    annotations: list[tuple[str, int]]
    locks: bool


class Prepared(Generic[M]):
    """`build` makes a queryset of model instances, with `select_related`, `only`, `defer` and annotations as it likes,
    or one of a `values_list`.

    It is called once for each kind of database, with one value for each of `types`: `int`, `str` or an aware
    `datetime`. What it does with them may not depend on what they are, and none of them is None.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *types: type) -> None:
        self._build = build
        self._types = types
        self._plans: dict[str, Plan] = {}

    def all(self, *values: Any) -> list[M]:
        """Runs it. Raises what running a queryset raises."""
        connection = current_connection()
        plan = self._plan(connection)
        return [instance(plan, row, connection.alias) for row in self._rows(plan, values, connection)]

    def first(self, *values: Any) -> M | None:
        """The first row; what limits the query to it is `build`'s to say."""
        rows = self.all(*values)
        return rows[0] if rows else None

    def tuples(self, *values: Any) -> list[tuple[Any, ...]]:
        """The key and what `only` names, in the order of the model's fields: for many rows a fifth of their time.

        Of a queryset of `values_list`, which gives no instances, what it names.
        """
        connection = current_connection()
        plan = self._plan(connection)
        return [tuple(row[plan.columns]) for row in self._rows(plan, values, connection)]

    def _rows(self, plan: Plan, values: Sequence[Any], connection: Connection) -> list[list[Any]]:
        if plan.locks and not connection.in_atomic_block:
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        if not can_be_held(values):
            return []
        rows = plan.statement.run(connection, values, fetch_all)
        return [converted(plan, list(row), connection) for row in rows]

    def _plan(self, connection: Connection) -> Plan:
        return self._plans.get(connection.vendor) or self._prepare(connection)

    def _prepare(self, connection: Connection) -> Plan:
        marks = marks_for(self._types)
        compiler = self._build(*marks).query.get_compiler(using=connection.alias)
        sql, params = compiler.as_sql()
        selected = [expression for expression, *_ in compiler.select]
        # What makes instances of rows; nothing where they are not to become any.
        described = None if compiler.query.values_select else compiler.klass_info
        fields = described["select_fields"] if described else range(len(selected))
        columns = slice(fields[0], fields[-1] + 1)
        plan = Plan(
            statement=Statement(sql, params, marks),
            model=compiler.query.model,
            columns=columns,
            names=[expression.target.attname for expression in selected[columns]] if described else [],
            converters=[(at, steps, of) for at, (steps, of) in compiler.get_converters(selected).items()],
            # The stubs are of a later Django.
            populators=get_related_populators(described, compiler.select, connection.alias)  # type: ignore[call-arg]
            if described
            else [],
            annotations=list(compiler.annotation_col_map.items()),
            locks=compiler.query.select_for_update,
        )
        self._plans[connection.vendor] = plan
        return plan


def converted(plan: Plan, row: list[Any], connection: Connection) -> list[Any]:
    """As this database gave it, in Python's own types."""
    for at, steps, expression in plan.converters:
        for step in steps:
            row[at] = step(row[at], expression, connection)
    return row


def instance(plan: Plan, row: list[Any], alias: str) -> Any:
    """As Django makes one of a row, in `ModelIterable`."""
    made = plan.model.from_db(alias, plan.names, row[plan.columns])
    for populator in plan.populators:
        populator.populate(row, made)
    for name, at in plan.annotations:
        setattr(made, name, row[at])
    return made


class PreparedUpdate:
    """`build` gives a queryset and what its fields become, as `QuerySet.update` takes it; for values see `Prepared`."""

    def __init__(self, build: Callable[..., tuple[models.QuerySet[Any], dict[str, Any]]], *types: type) -> None:
        self._build = build
        self._types = types
        self._statements: dict[str, Statement] = {}

    def run(self, *values: Any) -> int:
        """How many rows there were. Raises what `QuerySet.update` raises."""
        connection = current_connection()
        statement = self._statements.get(connection.vendor) or self._prepare(connection)
        return int(statement.run(connection, values, how_many))

    def _prepare(self, connection: Connection) -> Statement:
        marks = marks_for(self._types)
        queryset, changes = self._build(*marks)
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values(changes)
        sql, params = query.get_compiler(using=connection.alias).as_sql()
        statement = self._statements[connection.vendor] = Statement(sql, params, marks)
        return statement


def insert(row: M) -> M:
    """Stores a new row, as `save(force_insert=True)` does; nobody is told by Django's signals.

    Raises what `save` raises.
    """
    connection = current_connection()
    sql, fields = insertion(type(row), connection.alias)
    [row.pk] = run(connection, sql, to_be_stored(row, fields, connection, is_new=True), fetch_one)
    row._state.adding, row._state.db = False, connection.alias
    return row


def update(row: models.Model, *names: str) -> None:
    """Stores these fields of a row, as `save(update_fields=names)` does; nobody is told by Django's signals.

    A row that is gone stays gone. Raises what `save` raises else.
    """
    connection = current_connection()
    sql, fields = updating(type(row), connection.alias, names)
    run(connection, sql, [*to_be_stored(row, fields, connection, is_new=False), row.pk], how_many)


def to_be_stored(row: models.Model, fields: Sequence[Any], connection: Connection, *, is_new: bool) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, is_new), connection) for field in fields]


@cache
def insertion(model: type[models.Model], alias: str) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it takes."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    table, key, *columns = quoted(model, alias, fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) RETURNING {key}", fields


@cache
def updating(model: type[models.Model], alias: str, names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it takes before the key."""
    fields = [model._meta.get_field(name) for name in names]
    table, key, *columns = quoted(model, alias, fields)
    changes = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {table} SET {changes} WHERE {key} = %s", fields


def quoted(model: type[models.Model], alias: str, fields: Sequence[Any]) -> list[str]:
    """The table, its key and the columns of these fields."""
    names = [model._meta.db_table, model._meta.pk.column, *(field.column for field in fields)]
    return list(map(connections[alias].ops.quote_name, names))
