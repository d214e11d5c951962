"""The index is no part of the migrations: it is looked after each time they have run, and made where it is missing.

Django remakes a table of SQLite to change it, and would take triggers and index entries along; a database may also be
younger than this code, or come from a dump.
"""

from types import ModuleType
from typing import Any

from django.apps import AppConfig
from django.db import connections, router, transaction
from django.db.models.signals import post_migrate, pre_migrate

from gemini.search import postgresql, sqlite

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}
SOURCES = {"gemini_search_content": "gemini_chatmessage", "gemini_search_title": "gemini_chatsession"}
KEYS = {"sqlite": "rowid", "postgresql": "id"}
# Rows indexed in one transaction: nobody who writes meanwhile waits longer than that takes, ~0.2 s.
BATCH = 1000


def backend_of(connection: Any) -> ModuleType:
    return BACKENDS[connection.vendor]


def look_after() -> None:
    """To be called once, when the app is ready."""
    pre_migrate.connect(before_migrations, dispatch_uid="gemini.search.before")
    post_migrate.connect(after_migrations, dispatch_uid="gemini.search.after")


def before_migrations(app_config: AppConfig, using: str, plan: Any = (), **_: Any) -> None:
    if app_config.name == "gemini" and any(migration.app_label == "gemini" for migration, _ in plan or ()):
        backend_of(connections[using]).suspend(connections[using])


def after_migrations(app_config: AppConfig, using: str, verbosity: int = 1, **_: Any) -> None:
    if app_config.name == "gemini" and router.allow_migrate(using, "gemini"):
        ensure(using, verbosity)


def ensure(using: str, verbosity: int = 0) -> bool:
    """Makes the index where it is missing or of another version; whether it did."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if not set(SOURCES.values()).issubset(connection.introspection.table_names(cursor)):
            return False
    backend = backend_of(connection)
    if backend.is_installed(connection):
        return False
    if verbosity:
        print("  Indexing chats for search…")  # noqa: T201
    backend.install(connection)
    return True


def rebuild(using: str) -> None:
    """Makes the whole index again, whatever it holds, batch by batch while others go on reading and writing."""
    if ensure(using):
        return
    connection = connections[using]
    for table, fill in backend_of(connection).FILL.items():
        source, key = SOURCES[table], KEYS[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(id), (SELECT max({key}) FROM {table}) FROM {source}")  # nosec # names of our own tables
            last = max(filter(None, cursor.fetchone()), default=0)
        for start in range(0, last, BATCH):
            with transaction.atomic(using=using), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE {key} > %s AND {key} <= %s", [start, start + BATCH])  # nosec # the same
                cursor.execute(fill, [start, start + BATCH])
