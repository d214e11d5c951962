from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

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

    @property
    def drawn_as(self) -> str:
        """All that it shows, but for which chat is open: that is marked in what is kept."""
        groups = [Group(sessions=self.pinned), *self.groups]
        return repr([(group.label, [(session.pk, session.title) for session in group.sessions]) for group in groups])


def mark_current(html: str, session: ChatSession | None) -> SafeString:
    """The list with the chat that is open. No title can look like its link: quotes in it are escaped."""
    link = f'href="{session.get_absolute_url()}"' if session else ""
    return mark_safe(html.replace(link, f'{link} aria-current="page"', 1) if link else html)  # nosec B308 # was drawn


def sidebar(user: Any, current: ChatSession | None) -> Sidebar:
    """Pinned sessions, the newest ones by day, and the open one in any case: its new title has to find its place."""
    first, recent = pinned.all(user.pk), newest.all(user.pk)
    if current and current not in first and current not in recent:
        recent = sorted([*recent, current], key=lambda session: session.updated_at, reverse=True)
    return Sidebar(first, by_day(recent))
