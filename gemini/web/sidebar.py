from dataclasses import dataclass
from typing import Any

from gemini.models import ChatSession
from gemini.web.days import Group, by_day

SESSIONS_IN_SIDEBAR = 30


@dataclass(frozen=True, slots=True)
class Sidebar:
    pinned: list[ChatSession]
    groups: list[Group]


def sidebar(user: Any, current: ChatSession | None) -> Sidebar:
    """Pinned sessions, the newest ones by day, and the open one in any case: its new title has to find its place."""
    active = ChatSession.objects.for_user(user).active()
    pinned = list(active.pinned()[:SESSIONS_IN_SIDEBAR])
    newest = list(active.filter(pinned_at=None).newest_first()[:SESSIONS_IN_SIDEBAR])
    if current and current not in pinned and current not in newest:
        newest = sorted([*newest, current], key=lambda session: session.updated_at, reverse=True)
    return Sidebar(pinned, by_day(newest))
