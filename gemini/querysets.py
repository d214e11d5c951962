"""Reads, by the names the domain uses for them."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone


class ChatSessionQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_messages_count(self) -> Self:
        """Counts what the reader sees: neither replaced rows nor replies that ended without a word.

        A subquery, which is run for the rows of one page; grouping would count all messages of all sessions first.
        """
        messages = self.model._meta.get_field("messages").related_model.objects.visible()
        counted = messages.filter(session=OuterRef("pk")).order_by().values("session").annotate(count=Count("pk"))
        return self.annotate(messages_count=Coalesce(Subquery(counted.values("count")), 0))

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-id")


class ChatMessageQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(session__user=user)

    def shown(self) -> Self:
        """The one path through retries and edits that the reader sees, failures without text included."""
        return self.filter(shown=True)

    def visible(self) -> Self:
        """Shown messages that say something: a reply that ended without text is a state, not a message."""
        ended_without_text = Q(content="") & ~Q(status="generating")
        return self.filter(~ended_without_text, shown=True)

    def page_before(self, message_id: int | None, size: int) -> list[Any]:
        """The last `size` messages, or those before one of them; oldest first."""
        earlier = self.filter(pk__lt=message_id) if message_id else self
        return list(earlier.order_by("-pk")[:size])[::-1]

    def generating(self) -> Self:
        return self.filter(status="generating")

    def leased(self) -> Self:
        return self.generating().filter(lease_until__gt=timezone.now())

    def abandoned(self) -> Self:
        """Replies whose process stopped renewing its lease."""
        return self.generating().exclude(lease_until__gt=timezone.now())


class GeminiCallQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any) -> Self:
        return self.filter(user=user)

    def since(self, moment: datetime) -> Self:
        return self.filter(created_at__gte=moment)

    def on_server_key(self) -> Self:
        return self.filter(key_origin="server")

    def tokens(self) -> int:
        return self.aggregate(sum=Sum("total_tokens"))["sum"] or 0
