from dataclasses import dataclass
from typing import Any

from gemini.models import ChatSession
from gemini.prepared import Prepared
from gemini.web.days import Group, by_day

SESSIONS_IN_SIDEBAR = 30

pinned = Prepared(lambda user: ChatSession.objects.for_user(user).active().pinned()[:SESSIONS_IN_SIDEBAR], int)
newest = Prepared(
    lambda user: (
        ChatSession.objects.for_user(user).active().filter(pinned_at=None).newest_first()[:SESSIONS_IN_SIDEBAR]
    ),
    int,
)


@dataclass(frozen=True, slots=True)
class Sidebar:
    pinned: list[ChatSession]
    groups: list[Group]


def sidebar(user: Any, current: ChatSession | None) -> Sidebar:
    """Pinned sessions, the newest ones by day, and the open one in any case: its new title has to find its place."""
    first, recent = pinned.all(user.pk), newest.all(user.pk)
    if current and current not in first and current not in recent:
        recent = sorted([*recent, current], key=lambda session: session.updated_at, reverse=True)
    return Sidebar(first, by_day(recent))
