"""What triggers derive from rows is no part of the migrations: it is made, where it is missing, after they have run.

Django remakes a table of SQLite to change it, and would take triggers along; a database may also be younger than this
code, or come from a dump.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.apps import AppConfig
from django.db import connections, router
from django.db.models.signals import post_migrate, pre_migrate


@dataclass(frozen=True, eq=False)
class Keeper:
    """`backends` by vendor have `is_installed`, `install` and `suspend`; `tables` are those that have to be there."""

    name: str
    backends: Mapping[str, ModuleType]
    tables: Callable[[ModuleType], Iterable[str]]
    announcement: str

    def backend_of(self, connection: Any) -> ModuleType:
        return self.backends[connection.vendor]

    def look_after(self) -> None:
        """To be called once, when the app is ready."""
        pre_migrate.connect(self.before_migrations, dispatch_uid=f"gemini.{self.name}.before")
        post_migrate.connect(self.after_migrations, dispatch_uid=f"gemini.{self.name}.after")

    def before_migrations(self, app_config: AppConfig, using: str, plan: Any = (), **_: Any) -> None:
        if app_config.name == "gemini" and any(migration.app_label == "gemini" for migration, _ in plan or ()):
            self.backend_of(connections[using]).suspend(connections[using])

    def after_migrations(self, app_config: AppConfig, using: str, verbosity: int = 1, **_: Any) -> None:
        if app_config.name == "gemini" and router.allow_migrate(using, "gemini"):
            self.ensure(using, verbosity)

    def ensure(self, using: str, verbosity: int = 0) -> bool:
        """Makes it where it is missing or of another version; whether it did."""
        connection = connections[using]
        backend = self.backend_of(connection)
        with connection.cursor() as cursor:
            if not set(self.tables(backend)).issubset(connection.introspection.table_names(cursor)):
                return False
        if backend.is_installed(connection):
            return False
        if verbosity:
            print(f"  {self.announcement}…")  # noqa: T201
        backend.install(connection)
        return True
