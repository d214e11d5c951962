"""A database of its own on the PostgreSQL at 127.0.0.1:5432, for a test that starts a server on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.processes import Server

ADDRESS = os.environ.get("TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432")


def is_there() -> bool:
    try:
        psycopg.connect(f"{ADDRESS}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ask(query: str, *arguments: Any, database: str = "postgres") -> list[dict[str, Any]]:
    with psycopg.connect(f"{ADDRESS}/{database}", autocommit=True, row_factory=dict_row) as connection:
        cursor = connection.execute(query, arguments)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def database(name: str) -> Iterator[str]:
    """The address of an empty database, which is dropped at the end with whoever is still connected to it."""
    ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    ask(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield f"{ADDRESS}/{name}"
    finally:
        ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class PostgresServer(Server):
    """The server on such a database."""

    def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        name = self.environment["DATABASE_URL"].rpartition("/")[2]
        return ask(query.replace("?", "%s"), *arguments, database=name)

    def terminate_backends(self) -> int:
        """Ends every connection to its database from the other side, as a restart of PostgreSQL does."""
        name = self.environment["DATABASE_URL"].rpartition("/")[2]
        ended = ask("SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE datname = %s", name)
        return len(ended)
