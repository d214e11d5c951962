import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "Copies the SQLite database into a file, whole and consistent, while the site goes on writing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(
                'Эта команда — для SQLite. PostgreSQL: pg_dump --format=custom --file=ФАЙЛ "$DATABASE_URL"'
            )
        if file.exists():
            raise CommandError(f"{file} уже есть.")
        # Beside its place, and with the rights of its owner alone: it holds everybody's messages.
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as folder:
            copy = Path(folder) / file.name
            copy_database(copy)
            copy.chmod(0o600)
            # A name appears only when all is there. A link, unlike a rename, replaces nothing.
            file.hardlink_to(copy)
        self.stdout.write(f"Готово: {file}, {file.stat().st_size:,} байт.")


def copy_database(file: Path) -> None:
    """One step for all pages: in WAL mode it reads one moment and keeps no writer waiting. Raises `CommandError`."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # A file of its own, not one of three.
        copy.execute("PRAGMA journal_mode=DELETE")
        said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise CommandError(f"Копия испорчена: {said}")
