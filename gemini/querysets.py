"""Reads, by the names the domain uses for them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models import Count, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from gemini.prepared import Prepared
from gemini.variants import Variants, variants_among

# Characters of a message that a list of sessions shows.
EXCERPT_LENGTH = 100
# Parents that one query for variants names: a page holds one message fewer.
PLACES = 51

# The longest lease that is believed: one from before the clock was set back would block its chat until it is that late.
LONGEST_LEASE = timedelta(seconds=30)


def leased_until() -> tuple[datetime, datetime]:
    """Between which moments the lease ends of a reply that somebody is writing now."""
    now = timezone.now()
    return now, now + LONGEST_LEASE


@cache
def standing_in(model: Any, places: int) -> Prepared[Any]:
    """What hangs on any of so many messages of a session, and, as on none of them, its beginnings; oldest first."""

    def build(session: int, *parents: int) -> Any:
        of_these = model.objects.filter(Q(parent__in=parents) | Q(parent=None), session=session, deleted_at=None)
        return of_these.exclude(shown=False, content="").order_by("pk").only("parent", "role", "shown")

    return Prepared(build, int, *[int] * places)


class ChatSessionQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        """The user's own, without what is in the trash."""
        return self.existing().filter(user=user)

    def existing(self) -> Self:
        return self.filter(deleted_at=None)

    def in_trash_of(self, user: Any) -> Self:
        return self.filter(user=user, deleted_at__isnull=False)

    def pinned(self) -> Self:
        """Pinned last comes first."""
        return self.filter(pinned_at__isnull=False).order_by("-pinned_at", "-id")

    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_messages_count(self, *running: datetime) -> Self:
        """Counts what the reader sees: neither replaced rows nor replies that ended without a word.

        A subquery, which is run for the rows of one page; grouping would count all messages of all sessions first.
        """
        messages = self.model._meta.get_field("messages").related_model.objects.visible(*running)
        counted = messages.filter(session=OuterRef("pk")).order_by().values("session").annotate(count=Count("pk"))
        return self.annotate(messages_count=Coalesce(Subquery(counted.values("count")), 0))

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-id")

    def give_last_messages(self, sessions: Sequence[Any]) -> None:
        """Sets `last_message` of each of these sessions, in one query that reads no more of a body than is shown."""
        messages = self.model._meta.get_field("messages").related_model.objects.visible()
        last = messages.filter(session=OuterRef("pk")).order_by("-pk").values("pk")[:1]
        chosen = self.model.objects.filter(pk__in=[session.pk for session in sessions]).values(last=Subquery(last))
        found = {message.session_id: message for message in messages.filter(pk__in=chosen).excerpts()}
        for session in sessions:
            session.last_message = found.get(session.pk)


class ChatMessageQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        """In the user's own sessions, without what is in the trash."""
        return self.existing().filter(session__user=user)

    def existing(self) -> Self:
        return self.filter(deleted_at=None, session__deleted_at=None)

    def in_trash_of(self, user: Any) -> Self:
        """Deleted by themselves, not with their session."""
        return self.filter(session__user=user, deleted_at__isnull=False)

    def acts(self) -> Any:
        """Deleted messages by the act that deleted them, the last act first: session, moment, count, first message."""
        acts = self.filter(session__deleted_at=None).order_by().values("session_id", "session__title", "deleted_at")
        acts = acts.annotate(count=Count("pk", filter=Q(shown=True)), first=Min("pk"))
        return acts.order_by("-deleted_at", "-first")

    def give_excerpts(self, acts: Sequence[Any]) -> None:
        """Sets `excerpt` of each of these acts: how its first message begins."""
        first = self.model.objects.filter(pk__in=[act["first"] for act in acts])
        begins = dict(first.values_list("pk", Left("content", EXCERPT_LENGTH + 1)))
        for act in acts:
            act["excerpt"] = begins.get(act["first"], "")

    def shown(self) -> Self:
        """The one path through retries and edits that the reader sees, failures without text included."""
        return self.on_path().filter(deleted_at=None)

    def on_path(self) -> Self:
        """The shown path with what was deleted from it, which may come back to its place."""
        return self.filter(shown=True)

    def visible(self, *running: datetime) -> Self:
        """Shown messages that say something: a reply that ended without text is a state, not a message.

        `running`: between which moments the lease of one ends that is being written, if not as of now.
        """
        is_running = Q(status="generating", lease_until__range=running or leased_until())
        return self.shown().filter(~Q(content="") | is_running)

    def said(self) -> Self:
        """Shown messages with words in them."""
        return self.shown().exclude(content="")

    def turns(self) -> Self:
        """What goes into a prompt. With the session's id, which Django else asks for by a query a row."""
        return self.only("role", "content", "session")

    def excerpts(self) -> Self:
        """Messages without their bodies, of which `excerpt` holds the beginning."""
        return self.defer("content", "metadata").annotate(excerpt=Left("content", EXCERPT_LENGTH + 1))

    def page_before(self, message_id: int | None, size: int) -> list[Any]:
        """The last `size` messages, or those before one of them; oldest first."""
        earlier = self.filter(pk__lt=message_id) if message_id else self
        return list(earlier.order_by("-pk")[:size])[::-1]

    def page_after(self, message_id: int, size: int) -> list[Any]:
        """The first `size` messages after one of them."""
        return list(self.filter(pk__gt=message_id).order_by("pk")[:size])

    def give_variants(self, messages: Sequence[Any]) -> None:
        """Sets `variants` of each of these messages of one session, in one query for as many as a page holds.

        In the place of a message are those of its role with its parent: neither what was deleted, nor replaced replies
        that ended without a word.
        """
        if not messages:
            return
        model: Any = self.model
        session = messages[0].session_id
        parents = sorted({message.parent_id or 0 for message in messages})
        places: defaultdict[Any, dict[int, bool]] = defaultdict(dict)
        for at in range(0, len(parents), PLACES):
            some = parents[at : at + PLACES]
            size = PLACES if len(some) > 1 else 1
            for row in standing_in(model, size).all(session, *some, *[some[-1]] * (size - len(some))):
                places[row.parent_id, row.role][row.pk] = row.shown
        for message in messages:
            place = places[message.parent_id, message.role]
            # Two that are shown do not stand in one place, whatever became of what was between them.
            ids = [pk for pk, shown in place.items() if pk == message.pk or not shown]
            message.variants = variants_among(ids, message.pk) if message.pk in ids else Variants(1, 1)

    def generating(self) -> Self:
        return self.filter(status="generating")

    def leased(self) -> Self:
        return self.generating().filter(lease_until__range=leased_until())

    def abandoned(self) -> Self:
        """Replies whose process stopped renewing its lease."""
        return self.generating().exclude(lease_until__range=leased_until())


class PromptTemplateQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)


class GeminiCallQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)

    def since(self, moment: datetime) -> Self:
        return self.filter(created_at__gte=moment)

    def with_messages(self) -> Self:
        """With what is needed to lead to each call's message, and none of its text."""
        heavy = ("message__content", "message__metadata", "message__session__system_instruction")
        return self.select_related("message__session", "user").defer(*heavy)


class CallTotalsQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)

    def tokens(self) -> int:
        return self.aggregate(sum=Sum("total_tokens"))["sum"] or 0
