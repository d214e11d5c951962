from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.utils.safestring import SafeString

from gemini.models import ChatMessage, ChatSession
from gemini.search.index import keeper
from gemini.search.queries import Query
from gemini.search.snippets import snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found: in a message, or, without one, in the title. `snippet` is safe HTML."""

    session: ChatSession
    message: ChatMessage | None
    snippet: SafeString

    @property
    def url(self) -> str:
        url = self.session.get_absolute_url()
        return f"{url}?message={self.message.pk}#message-{self.message.pk}" if self.message else url


@dataclass(frozen=True, slots=True)
class Hits:
    """Newest first; `more_before` is the id to ask with for those that follow, None at the end."""

    hits: list[Hit]
    more_before: int | None = None

    def __bool__(self) -> bool:
        return bool(self.hits)


def find_titles(user: Any, query: Query, *, before: int | None = None, limit: int = 20) -> Hits:
    """Sessions of the user, archived ones too, whose title has all that is asked for."""
    found, more = page(ChatSession.objects.for_user(user), "title", user, query, before, limit)
    return Hits([Hit(session, None, snippet(session.title, query)) for session in found], more)


def find_messages(user: Any, query: Query, *, before: int | None = None, limit: int = 20) -> Hits:
    """Messages that the user can see and that have all that is asked for."""
    messages = ChatMessage.objects.for_user(user).visible().select_related("session")
    found, more = page(messages, "content", user, query, before, limit)
    return Hits([Hit(message.session, message, snippet(message.content, query)) for message in found], more)


def page(
    rows: Any, field: str, user: Any, query: Query, before: int | None, limit: int
) -> tuple[list[Any], int | None]:
    if not query:
        return [], None
    for literal in query.literals:
        # Signs have no case, and what the database compares by itself it compares many times faster.
        lookup = "fcontains" if any(map(str.isalpha, literal)) else "contains"
        rows = rows.filter(**{f"{field}__{lookup}": literal})
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if query.terms:
        found = keeper.backend_of(connections[rows.db]).newest(rows, field, user, query, limit + 1)
    else:
        found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None
