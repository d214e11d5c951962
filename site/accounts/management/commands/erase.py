from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.erasure import erase
from accounts.models import User


class Command(BaseCommand):
    help = "Removes an account and all that belongs to it, for good. May be repeated when it was cut short."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no such user.")
        if not options["yes"] and input(f"Erase {user.username} for good? Type the name: ") != user.username:
            raise CommandError("Nothing was erased.")
        erase(user)
        self.stdout.write("Erased.")
