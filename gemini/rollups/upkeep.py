"""The triggers are no part of the migrations, as the index of searches is none: see `gemini.search.index`.

What the tables hold is made anew whenever the triggers are, so whatever was written without them is in it.
"""

from types import ModuleType
from typing import Any

from django.apps import AppConfig
from django.db import connections, router
from django.db.models.signals import post_migrate, pre_migrate

from gemini.rollups import postgresql, sqlite

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}


def backend_of(connection: Any) -> ModuleType:
    return BACKENDS[connection.vendor]


def look_after() -> None:
    """To be called once, when the app is ready."""
    pre_migrate.connect(before_migrations, dispatch_uid="gemini.rollups.before")
    post_migrate.connect(after_migrations, dispatch_uid="gemini.rollups.after")


def before_migrations(app_config: AppConfig, using: str, plan: Any = (), **_: Any) -> None:
    if app_config.name == "gemini" and any(migration.app_label == "gemini" for migration, _ in plan or ()):
        backend_of(connections[using]).suspend(connections[using])


def after_migrations(app_config: AppConfig, using: str, verbosity: int = 1, **_: Any) -> None:
    if app_config.name == "gemini" and router.allow_migrate(using, "gemini"):
        ensure(using, verbosity)


def ensure(using: str, verbosity: int = 0) -> bool:
    """Fills the tables and makes the triggers where these are missing or of another version; whether it did."""
    connection = connections[using]
    backend = backend_of(connection)
    with connection.cursor() as cursor:
        if not {table.name for table in backend.TABLES}.issubset(connection.introspection.table_names(cursor)):
            return False
    if backend.is_installed(connection):
        return False
    if verbosity:
        print("  Adding up messages and calls…")  # noqa: T201
    backend.install(connection)
    return True
