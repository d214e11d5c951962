"""Reads of what is one user's own, by the names the domain uses for them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

# For how long an import waits to be confirmed.
PREVIEW_KEPT = timedelta(days=1)
# Parameters of one query: SQLite takes no more than 32,766.
AT_ONCE = 5_000


class OwnedQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)


class RecordQuerySet(OwnedQuerySet):
    def within(self, since: date | None, until: date | None) -> Self:
        """Of these days, both of them included."""
        found = self.filter(date__gte=since) if since else self
        return found.filter(date__lte=until) if until else found

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")

    def known(self, fingerprints: Iterable[str]) -> set[str]:
        """Which of these were imported before."""
        wanted = list(fingerprints)
        found: set[str] = set()
        for start in range(0, len(wanted), AT_ONCE):
            rows = self.filter(fingerprint__in=wanted[start : start + AT_ONCE])
            found.update(rows.values_list("fingerprint", flat=True))
        return found


class TransactionQuerySet(RecordQuerySet):
    def counted(self) -> Self:
        """Income and spending; money moved between one's own accounts is neither."""
        return self.filter(is_transfer=False)

    def categories(self) -> list[str]:
        return list(self.exclude(category="").order_by("category").values_list("category", flat=True).distinct())

    def currencies(self) -> list[str]:
        return list(self.order_by("currency").values_list("currency", flat=True).distinct())


class ImportBatchQuerySet(OwnedQuerySet):
    def stored(self) -> Self:
        return self.exclude(stored_at=None)

    def forgotten(self) -> Self:
        """Previews that nobody has confirmed in time."""
        return self.filter(stored_at=None, created_at__lt=timezone.now() - PREVIEW_KEPT)
