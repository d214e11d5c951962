from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from gemini.prepared import Prepared


class UserManager(BaseUserManager["User"]):
    # What it gives are users of today, not of the time of a migration.
    use_in_migrations = False

    def get(self, *conditions: Any, **lookups: Any) -> "User":
        """Each request begins with its user by the primary key: a query that is built once."""
        if conditions or lookups.keys() != {"pk"} or not isinstance(lookups["pk"], int):
            return super().get(*conditions, **lookups)
        if user := by_primary_key.first(lookups["pk"]):
            return user
        raise self.model.DoesNotExist


class User(AbstractUser):
    """Our own from the first migration, so that a field can be added later without replacing the table."""

    objects: ClassVar[UserManager] = UserManager()


by_primary_key = Prepared(lambda pk: User.objects.filter(pk=pk), int)


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
