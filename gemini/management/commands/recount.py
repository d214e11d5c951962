from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connection

from gemini.rollups import recount, upkeep


class Command(BaseCommand):
    help = "Counts anew what statistics are read from, and prints each difference. Exit code 1 when there is any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend them; writers wait meanwhile")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        found = 0
        for difference in recount.differences(DEFAULT_DB_ALIAS):
            found += 1
            key = ", ".join(f"{name}={value}" for name, value in difference.key.items())
            self.stdout.write(f"{difference.table} {key}: {difference.stored} → {difference.counted}")
        kept = upkeep.keeper.backend_of(connection).is_installed(connection)
        if not kept:
            self.stdout.write("Нет триггеров, которые ведут счёт.")
        if not found and kept:
            self.stdout.write("Расхождений нет.")
            return
        if fix:
            recount.mend(DEFAULT_DB_ALIAS)
            raise CommandError(f"Расхождений было: {found}. Исправлено.")
        raise CommandError(f"Расхождений: {found}. Исправит `manage.py recount --fix`.")
