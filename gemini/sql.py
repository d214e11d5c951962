"""SQL that is run as it stands, on the connection of this thread."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter, methodcaller
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper as Connection

T = TypeVar("T")

# What can be taken from a cursor on which a statement was executed.
fetch_all, fetch_one = methodcaller("fetchall"), methodcaller("fetchone")
how_many = attrgetter("rowcount")


def current_connection() -> Connection:
    """This thread's connection itself: Django's stand-in for it looks it up anew at each touch, 3 us."""
    return connections[DEFAULT_DB_ALIAS]


def written_down(values: Sequence[Any], connection: Connection) -> list[Any]:
    """As this database takes them."""
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in values]


def run(connection: Connection, sql: str, params: Sequence[Any], take: Callable[[Any], T]) -> T:
    """What `take` finds in a cursor on which the statement was executed. Raises what Django's cursors raise."""
    if connection.vendor != "sqlite" or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return take(cursor)
    # What Django's cursor does beside this is for statements that somebody logs: 26 -> 9 us.
    if connection.connection is None:
        connection.ensure_connection()
    connection.validate_no_broken_transaction()
    try:
        return take(connection.connection.execute(with_question_marks(sql), params))
    except sqlite3.Error:
        with connection.wrap_database_errors:
            raise


@cache
def with_question_marks(sql: str) -> str:
    """In SQLite's own style of parameters."""
    return re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")
