"""What the APIs tell of usage: of one user, or of the whole site.

Sessions and messages are counted as they are; tokens are the ledger's, so what was billed, deleted messages included.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max

from gemini.models import ChatMessage, ChatSession, GeminiCall
from gemini.search import Folded

RECENT_SESSIONS = 5
TOP_PROMPTS = 10


@dataclass(frozen=True, slots=True)
class Stats:
    """Averages are rounded to two places, times are in seconds."""

    total_sessions: int
    active_sessions: int
    total_messages: int
    total_tokens: int
    average_messages_per_session: float
    average_tokens_per_message: float
    average_response_time: float
    sessions_by_user: dict[str, int]
    recent_sessions: list[ChatSession]
    top_prompts: list[dict[str, Any]]

    @property
    def total_tokens_used(self) -> int:
        return self.total_tokens


def of_user(user: Any) -> Stats:
    return stats(user, whole_site=False)


def of_site(user: Any) -> Stats:
    """As a member of the staff sees it: all the numbers, but of messages' text only one's own."""
    return stats(user, whole_site=True)


def stats(user: Any, *, whole_site: bool) -> Stats:
    sessions, messages, calls = ChatSession.objects.existing(), ChatMessage.objects.existing(), GeminiCall.objects.all()
    if not whole_site:
        sessions, messages, calls = sessions.for_user(user), messages.for_user(user), calls.for_user(user)
    counted = sessions.order_by().values("user__username", "is_active").annotate(count=Count("pk"))
    sessions_by_user = {user.get_username(): 0}
    active = 0
    for row in counted:
        name = row["user__username"]
        sessions_by_user[name] = sessions_by_user.get(name, 0) + row["count"]
        active += row["count"] if row["is_active"] else 0
    total_sessions = sum(sessions_by_user.values())
    shown = messages.visible().aggregate(count=Count("pk"), response_time=Avg("response_time"))
    tokens = calls.tokens()
    return Stats(
        total_sessions=total_sessions,
        active_sessions=active,
        total_messages=shown["count"],
        total_tokens=tokens,
        average_messages_per_session=ratio(shown["count"], total_sessions),
        average_tokens_per_message=ratio(tokens, shown["count"]),
        average_response_time=round(shown["response_time"] or 0.0, 2),
        sessions_by_user=sessions_by_user,
        recent_sessions=recent(sessions, user),
        top_prompts=top_prompts(user),
    )


def ratio(amount: int, count: int) -> float:
    return round(amount / count, 2) if count else 0.0


def recent(sessions: Any, user: Any) -> list[ChatSession]:
    newest = list(sessions.select_related("user").newest_first().with_messages_count()[:RECENT_SESSIONS])
    own = [session for session in newest if session.user_id == user.pk]
    for session in newest:
        session.last_message = None
    ChatSession.objects.give_last_messages(own)
    return newest


def top_prompts(user: Any) -> list[dict[str, Any]]:
    """The user's most repeated messages, as they were last spelled."""
    return [{"prompt": last.content.strip(), "count": count} for last, count in repeated_prompts(user)]


def repeated_prompts(user: Any, **when: Any) -> list[tuple[ChatMessage, int]]:
    """The last of each of the most repeated messages, and how often it was sent; `when` narrows messages down."""
    prompts = ChatMessage.objects.for_user(user).visible().filter(role=ChatMessage.Role.USER, **when).order_by()
    repeated = list(
        prompts.values(folded=Folded("content"))
        .annotate(count=Count("pk"), last=Max("pk"))
        .order_by("-count", "-last")
        .values_list("last", "count")[:TOP_PROMPTS]
    )
    spelled = prompts.in_bulk([pk for pk, _ in repeated])
    return [(spelled[pk], count) for pk, count in repeated if pk in spelled]
