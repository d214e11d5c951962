from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from accounts.adapter import INVITATION
from accounts.models import Invitation


class Command(BaseCommand):
    help = "Prints a link by which one person can sign up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="how long the link works")

    def handle(self, *args: Any, **options: Any) -> None:
        invitation = Invitation.objects.create(expires_at=timezone.now() + timedelta(days=options["days"]))
        self.stdout.write(f"{settings.SITE_URL}{reverse('account_signup')}?{INVITATION}={invitation.code}")
