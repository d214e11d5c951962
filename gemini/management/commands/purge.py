from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gemini import trash
from gemini.conf import TRASH_DAYS


class Command(BaseCommand):
    help = f"Deletes for good what has been in the trash for {TRASH_DAYS} days. The server does so itself each hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=float, default=TRASH_DAYS, help="another age; 0 empties all users' trash")

    def handle(self, *args: Any, days: float, **options: Any) -> None:
        self.stdout.write(f"Удалено навсегда: {trash.purge_old(days)}")
