from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from gemini import encryption

# A token is renewed so long before its end that no request is on its way with it then.
MARGIN = timedelta(seconds=60)


class GoogleCredentialQuerySet(models.QuerySet["GoogleCredential"]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)

    def leased(self, pk: int, access: str, until: datetime) -> str:
        """The name of a lease on renewing this very token; empty when another process has one, or has renewed it."""
        lease = get_random_string(16)
        free = Q(lease="") | Q(lease_until__lt=timezone.now())
        taken = self.filter(free, pk=pk, encrypted_access=access).update(lease=lease, lease_until=until)
        return lease if taken else ""


class GoogleCredential(models.Model):
    """The user's permission to read their calendar. Tokens are kept encrypted, and are shown to nobody."""

    class State(models.TextChoices):
        CONNECTED = "connected", _("подключён")
        # Withdrawn at Google, or expired there: only its owner can give it anew.
        RECONNECT = "reconnect_required", _("нужно подключить заново")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="google_credential")
    account = models.OneToOneField(SocialAccount, on_delete=models.CASCADE, related_name="google_credential")
    state = models.CharField(_("состояние"), max_length=20, choices=State, default=State.CONNECTED)
    encrypted_access = models.TextField(blank=True, editable=False)
    encrypted_refresh = models.TextField(blank=True, editable=False)
    expires_at = models.DateTimeField(editable=False)
    # Which process renews the token at this moment.
    lease = models.CharField(max_length=16, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    connected_at = models.DateTimeField(_("подключён"), default=timezone.now)

    # Whether Google knows already that it is over.
    is_revoked = False

    objects = GoogleCredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("доступ к календарю")
        verbose_name_plural = _("доступы к календарям")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def email(self) -> str:
        return str(self.account.extra_data.get("email", ""))

    @property
    def access(self) -> str:
        """In the clear, for a request to Google and nothing else; empty when there is none to be read."""
        return (encryption.decrypt(self.encrypted_access) or "") if self.encrypted_access else ""

    @property
    def refresh(self) -> str:
        return (encryption.decrypt(self.encrypted_refresh) or "") if self.encrypted_refresh else ""

    @property
    def is_fresh(self) -> bool:
        return self.expires_at > timezone.now() + MARGIN


def sealed(tokens: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Fields of a row for these tokens (`access`, `refresh`); an empty one keeps what is there."""
    return {f"encrypted_{name}": encryption.encrypt(token) for name, token in tokens if token}
