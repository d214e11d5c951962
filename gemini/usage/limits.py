"""What a user has spent today of their share of the server's key, and what is left of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from gemini import conf
from gemini.models import CallTotals, GeminiCall
from gemini.prepared import Prepared
from gemini.usage.periods import midnight

OF_REPLIES = Q(purpose=GeminiCall.Purpose.REPLY)

# Each message asks this once or twice. From the ledger itself, by queries that Django built anew, it took 0.6 ms, three
# times that with a reply under way, and more with each request of the day.
totals_since: Prepared[Any] = Prepared(
    lambda user, moment: (
        CallTotals.objects.for_user(user)
        .filter(begins__gte=moment, key_origin=GeminiCall.KeyOrigin.SERVER)
        .values_list("user")
        .annotate(
            tokens=Sum("total_tokens"),
            replies=Sum("calls", filter=OF_REPLIES),
            tokens_of_replies=Sum("total_tokens", filter=OF_REPLIES),
        )
    ),
    int,
    datetime,
)


@dataclass(frozen=True, slots=True)
class Spent:
    """On the server's key: tokens in all, how many replies, and the tokens of these."""

    tokens: int = 0
    replies: int = 0
    tokens_of_replies: int = 0


@dataclass(frozen=True, slots=True)
class DailyLimit:
    limit: int
    spent: int

    @property
    def left(self) -> int:
        return max(self.limit - self.spent, 0)


def spent_today(user_id: int) -> Spent:
    for _, *sums in totals_since.tuples(user_id, midnight(timezone.localdate())):
        return Spent(*(figure or 0 for figure in sums))
    return Spent()


def daily_limit(user: Any, origin: str) -> DailyLimit | None:
    """None where nothing limits: on a key of one's own, or when the operator has set no limit."""
    limit = conf.get("GEMINI_DAILY_TOKENS")
    if origin != GeminiCall.KeyOrigin.SERVER or not limit:
        return None
    return DailyLimit(limit, spent_today(user.pk).tokens)
