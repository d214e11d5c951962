"""Which calls: of whom, when, and how they came out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q

from gemini.models import GeminiCall
from gemini.querysets import GeminiCallQuerySet
from gemini.usage.periods import Period
from gemini.usage.tally import DONE, STOPPED

# The three outcomes that codes fall into.
OUTCOMES = {"done": Q(code=DONE), "stopped": Q(code=STOPPED), "failed": ~Q(code__in=(DONE, STOPPED))}


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What an address narrows calls down to; an empty word narrows nothing."""

    model: str = ""
    interface: str = ""
    purpose: str = ""
    origin: str = ""
    outcome: str = ""
    code: str = ""
    user: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "CallFilter":
        # No row holds a NUL, and PostgreSQL would not even look for one.
        return cls(**{name: query.get(name, "").replace("\0", "\ufffd") for name in cls.__dataclass_fields__})

    @property
    def query(self) -> dict[str, str]:
        """What it narrows, by the names that an address has for it."""
        return {name: value for name, value in asdict(self).items() if value}

    def within(self, calls: GeminiCallQuerySet) -> GeminiCallQuerySet:
        exact = {"origin": "key_origin", "user": "user__username"}
        for name, value in self.query.items():
            if name != "outcome":
                calls = calls.filter(**{exact.get(name, name): value})
            else:
                calls = calls.filter(OUTCOMES[value]) if value in OUTCOMES else calls.none()
        return calls


def calls_of(user: Any, period: Period, *, whole: bool = False) -> GeminiCallQuerySet:
    """The user's own calls within a period; with `whole`, which is for the staff, the whole site's."""
    calls = GeminiCall.objects.all() if whole else GeminiCall.objects.for_user(user)
    if period.begins:
        calls = calls.since(period.begins)
    return calls.filter(created_at__lt=period.ends)
