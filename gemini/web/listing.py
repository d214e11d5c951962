"""Which sessions the dashboard shows, all of it said by the URL."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gemini.models import ChatSession
from gemini.prepared import Prepared
from gemini.querysets import leased_until
from gemini.search import Folded
from gemini.web.days import Group, by_day, day_label

SESSIONS_ON_PAGE = 20
ORDERS = {
    "updated": _("По времени"),
    "created": _("По созданию"),
    "title": _("По названию"),
}
PARTS = {"all": _("Везде"), "titles": _("Названия"), "messages": _("Сообщения")}


@dataclass(frozen=True)
class Listing:
    """`after` is the id of the last session of the page before; so a page loses nothing when those above it go."""

    order: str = "updated"
    archived: bool = False
    after: int | None = None
    text: str = ""
    part: str = "all"

    @classmethod
    def read(cls, asked: QueryDict) -> Self:
        order, part, after = asked.get("order", ""), asked.get("part", ""), asked.get("after", "")
        return cls(
            order=order if order in ORDERS else "updated",
            archived=asked.get("archived") == "1",
            after=int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None,
            text=asked.get("q", "").strip(),
            part=part if part in PARTS else "all",
        )

    @property
    def url(self) -> str:
        shown = {
            "q": self.text,
            "part": self.part if self.text and self.part != "all" else "",
            "order": self.order if not self.text and self.order != "updated" else "",
            "archived": "1" if self.archived and not self.text else "",
            "after": str(self.after or ""),
        }
        query = urlencode({name: value for name, value in shown.items() if value})
        return reverse("gemini:dashboard") + (f"?{query}" if query else "")

    def but(self, **changes: Any) -> Self:
        """The same list from its beginning, with something else about it."""
        return replace(self, **{"after": None, **changes})

    @property
    def first(self) -> Self:
        return self.but()

    def following(self, last: int) -> Self:
        return replace(self, after=last)

    @property
    def views(self) -> list[dict[str, Any]]:
        """The two lists, each with the way there."""
        return [
            {"label": label, "url": self.but(archived=archived, text="").url, "current": archived == self.archived}
            for archived, label in ((False, _("Чаты")), (True, _("Архив")))
        ]

    @property
    def orders(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "label": label, "url": self.but(order=name).url, "current": name == self.order}
            for name, label in ORDERS.items()
        ]

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self.but(part=name).url, "current": name == self.part}
            for name, label in PARTS.items()
        ]


@cache
def first_of(archived: bool, pinned: bool) -> Prepared[ChatSession]:
    """What stands on the first page of the usual list, and one more: there the order has an index.

    Asked with the user and what `leased_until` gives.
    """

    def build(user: int, *running: datetime) -> Any:
        sessions = ChatSession.objects.for_user(user).filter(is_active=not archived).with_messages_count(*running)
        return sessions.pinned() if pinned else sessions.filter(pinned_at=None).newest_first()[: SESSIONS_ON_PAGE + 1]

    return Prepared(build, int, datetime, datetime)


class SessionPage:
    """One page of a user's sessions; costs two queries, in another order or further on three."""

    def __init__(self, user: Any, listing: Listing) -> None:
        self.user, self.listing = user, listing
        # What the times of sessions are told by: no row that was drawn before midnight is right after it.
        self.today = timezone.localdate()
        self.cursor = ChatSession.objects.filter(user=user, pk=listing.after).first() if listing.after else None

    @cached_property
    def _found(self) -> tuple[list[ChatSession], list[ChatSession]]:
        """The pinned ones, which stand on the first page alone, and one more of the others than a page has."""
        if self.listing.order == "updated" and not self.cursor:
            asked, archived = (self.user.pk, *leased_until()), self.listing.archived
            return first_of(archived, pinned=True).all(*asked), first_of(archived, pinned=False).all(*asked)
        kind = ChatSession.objects.for_user(self.user).filter(is_active=not self.listing.archived)
        rows = self._ordered(kind.filter(pinned_at=None)).values_list("pk", flat=True)
        # Chosen first: in the order of anything without an index SQLite would count the messages of all sessions.
        pinned = [] if self.cursor else list(kind.pinned().values_list("pk", flat=True))
        others = list(rows[: SESSIONS_ON_PAGE + 1])
        found = ChatSession.objects.with_messages_count().in_bulk([*pinned, *others])
        return [found[pk] for pk in pinned if pk in found], [found[pk] for pk in others if pk in found]

    @property
    def pinned(self) -> list[ChatSession]:
        return self._found[0]

    @property
    def sessions(self) -> list[ChatSession]:
        return self._found[1][:SESSIONS_ON_PAGE]

    @property
    def next(self) -> Listing | None:
        more = len(self._found[1]) > SESSIONS_ON_PAGE
        return self.listing.following(self.sessions[-1].pk) if more else None

    @cached_property
    def groups(self) -> list[Group]:
        if self.listing.order == "title":
            return [Group(sessions=self.sessions)] if self.sessions else []
        attribute = f"{self.listing.order}_at"
        groups = by_day(self.sessions, attribute)
        if groups and self.cursor:
            groups[0].continued = groups[0].label == day_label(getattr(self.cursor, attribute))
        return groups

    @property
    def sections(self) -> list[Group]:
        """Everything under its headings, what is pinned first."""
        return [*([Group(str(_("Закреплённые")), self.pinned)] if self.pinned else []), *self.groups]

    def __bool__(self) -> bool:
        return any(self._found)

    def _ordered(self, rows: Any) -> Any:
        cursor = self.cursor
        if self.listing.order == "title":
            rows = rows.annotate(name=Folded("title"))
            if cursor:
                last = ChatSession.objects.filter(pk=cursor.pk).values(name=Folded("title"))[:1]
                rows = rows.filter(Q(name__gt=last) | Q(name=last, pk__gt=cursor.pk))
            return rows.order_by("name", "pk")
        name = f"{self.listing.order}_at"
        if cursor:
            moment = getattr(cursor, name)
            # Not "earlier, or equal with a lower id": SQLite would read the index twice and sort.
            rows = rows.filter(Q(**{f"{name}__lte": moment}), ~Q(Q(**{name: moment}), pk__gte=cursor.pk))
        return rows.order_by(F(name).desc(), "-pk")
