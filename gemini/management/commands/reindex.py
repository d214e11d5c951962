from typing import Any

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS

from gemini.search import index


class Command(BaseCommand):
    help = "Makes the search index again. The site goes on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        index.rebuild(DEFAULT_DB_ALIAS)
        self.stdout.write("Готово.")
