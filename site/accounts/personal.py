"""What is kept of an account: never its password, nor the key of a session, which opens it."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry

from accounts.models import Invitation, User
from gemini.personal_data import File, rows

ACCOUNT = ("username", "email", "first_name", "last_name", "date_joined", "last_login", "is_active", "is_staff")


def files(user: Any) -> Iterator[File]:
    yield "account.json", rows(User.objects.filter(pk=user.pk), *ACCOUNT)
    yield "addresses.json", rows(EmailAddress.objects.filter(user=user), "email", "verified", "primary")
    sign_ins = UserSession.objects.filter(user_id=user.pk)
    yield "sign_ins.json", rows(sign_ins, "ip", "user_agent", "created_at", "last_seen_at", "data")
    yield "invitation.json", rows(Invitation.objects.filter(used_by=user), "expires_at")
    acts = LogEntry.objects.filter(user_id=user.pk)
    yield "admin.json", rows(acts, "action_time", "object_repr", "change_message")
