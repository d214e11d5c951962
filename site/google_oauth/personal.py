"""What is kept of a link to Google; never the tokens, which open the calendar."""

from collections.abc import Iterator
from typing import Any

from allauth.socialaccount.models import SocialAccount

from gemini.personal_data import File, rows
from google_oauth.models import GoogleCredential


def files(user: Any) -> Iterator[File]:
    accounts = SocialAccount.objects.filter(user=user)
    yield "google/accounts.json", rows(accounts, "provider", "uid", "extra_data", "date_joined", "last_login")
    yield "google/calendar.json", rows(GoogleCredential.objects.filter(user=user), "state", "connected_at")
