from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Our own from the first migration, so that a field can be added later without replacing the table."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(used_by=None, expires_at__gt=timezone.now())


def new_code() -> str:
    return get_random_string(32)


class Invitation(models.Model):
    """Lets one person sign up while `SIGNUP=invite`."""

    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    expires_at = models.DateTimeField(_("действует до"))
    used_by = models.OneToOneField(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("приглашение")
        verbose_name_plural = _("приглашения")

    def __str__(self) -> str:
        return f"{self.expires_at:%Y-%m-%d}"
