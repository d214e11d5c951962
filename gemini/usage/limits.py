"""What is left today of a user's share of the server's key."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from gemini import conf
from gemini.models import GeminiCall
from gemini.usage.periods import midnight


@dataclass(frozen=True, slots=True)
class DailyLimit:
    limit: int
    spent: int

    @property
    def left(self) -> int:
        return max(self.limit - self.spent, 0)


def daily_limit(user: Any, origin: str) -> DailyLimit | None:
    """None where nothing limits: on a key of one's own, or when the operator has set no limit."""
    limit = conf.get("GEMINI_DAILY_TOKENS")
    if origin != GeminiCall.KeyOrigin.SERVER or not limit:
        return None
    today = GeminiCall.objects.for_user(user).on_server_key().since(midnight(timezone.localdate()))
    return DailyLimit(limit, today.tokens())
