"""What the APIs tell of usage: of one user, or of the whole site.

Read from sums that are kept with each write (`gemini.rollups`), so that it costs the same however long the history.
Tokens are the ledger's, so what was billed, deleted messages included.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Sum

from gemini.models import CallTotals, ChatMessage, ChatSession, CountedPrompt, PromptCount

RECENT_SESSIONS = 5
TOP_PROMPTS = 10
MICROSECONDS = 1_000_000


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


@dataclass(slots=True)
class Shown:
    """Messages, how many of them have a response time, and the sum of these."""

    messages: int
    timed: int
    seconds: float

    def add(self, messages: int, timed: int, microseconds: int) -> None:
        self.messages += messages
        self.timed += timed
        self.seconds += microseconds / MICROSECONDS


def of_user(user: Any) -> Stats:
    return stats(user, whole_site=False)


def of_site(user: Any) -> Stats:
    """As a member of the staff sees it: all the numbers, but of messages' text only one's own."""
    return stats(user, whole_site=True)


def stats(user: Any, *, whole_site: bool) -> Stats:
    sessions, calls = ChatSession.objects.existing(), CallTotals.objects.all()
    if not whole_site:
        sessions, calls = sessions.for_user(user), calls.for_user(user)
    sessions_by_user = {user.get_username(): 0}
    active = 0
    shown = running(None if whole_site else user)
    for name, is_active, count, *kept in counted(sessions):
        sessions_by_user[name] = sessions_by_user.get(name, 0) + count
        active += count if is_active else 0
        shown.add(*kept)
    total_sessions = sum(sessions_by_user.values())
    tokens = calls.tokens()
    return Stats(
        total_sessions=total_sessions,
        active_sessions=active,
        total_messages=shown.messages,
        total_tokens=tokens,
        average_messages_per_session=ratio(shown.messages, total_sessions),
        average_tokens_per_message=ratio(tokens, shown.messages),
        average_response_time=ratio(shown.seconds, shown.timed),
        sessions_by_user=sessions_by_user,
        recent_sessions=recent(sessions, user),
        top_prompts=top_prompts(user),
    )


def counted(sessions: Any) -> Any:
    """By user and by whether they are active: how many sessions, and the sums of their messages."""
    sums = {name: Sum(f"totals__{name}", default=0) for name in ("messages", "timed", "microseconds")}
    grouped = sessions.order_by().values("user__username", "is_active").annotate(count=Count("pk"), **sums)
    return grouped.values_list("user__username", "is_active", "count", *sums)


def running(user: Any) -> Shown:
    """Replies that have no text yet count as long as somebody writes them: no sum that is kept can know that.

    Without a user those of all.
    """
    replies = ChatMessage.objects.existing().leased().shown().filter(content="")
    if user:
        # The sum keeps the database from going through all the user's sessions: few replies of anybody's are live.
        replies = replies.annotate(owner=F("session__user") + 0).filter(owner=user.pk)
    return Shown(
        **replies.aggregate(
            messages=Count("pk"), timed=Count("response_time"), seconds=Sum("response_time", default=0.0)
        )
    )


def ratio(amount: float, count: int) -> float:
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
    counts: Any = PromptCount.objects.filter(user=user)
    if when:
        # As many rows as there are prompts in that time, out of an index: 11 ms for 40,000.
        prompts = CountedPrompt.objects.filter(user=user, **when).values("digest")
        counts = prompts.annotate(count=Count("pk"), last_id=Max("pk"))
    repeated = list(counts.order_by("-count", "-last_id").values_list("last_id", "count")[:TOP_PROMPTS])
    spelled = ChatMessage.objects.in_bulk([pk for pk, _ in repeated])
    return [(spelled[pk], count) for pk, count in repeated if pk in spelled]
