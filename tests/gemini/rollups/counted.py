"""What statistics and usage are, read from messages and calls one by one: slow, and nothing is kept for it."""

from django.db.models import Avg, Count, Max, Sum

from gemini import stats
from gemini.models import ChatMessage, GeminiCall
from gemini.rollups import recount
from gemini.search import Folded
from gemini.usage import Period, calls_of, report


def assert_kept(*users):
    """Nothing that is kept differs from what it is kept for, and whoever reads it gets the same as by counting."""
    assert list(recount.differences("default")) == []
    for user in users:
        found = stats.of_user(user)
        shown = ChatMessage.objects.for_user(user).visible().aggregate(count=Count("pk"), time=Avg("response_time"))
        assert (found.total_messages, found.average_response_time) == (shown["count"], round(shown["time"] or 0, 2))
        spent = GeminiCall.objects.for_user(user).aggregate(tokens=Sum("total_tokens"))["tokens"]
        assert found.total_tokens == (spent or 0)
        assert stats.repeated_prompts(user) == repeated(user)
        period = Period.named("30d")
        when = {"timestamp__gte": period.begins, "timestamp__lt": period.ends}
        assert stats.repeated_prompts(user, **when) == repeated(user, **when)
        assert_reported(user, period)


def repeated(user, **when):
    prompts = ChatMessage.objects.for_user(user).visible().filter(role="user", **when).order_by()
    counts = prompts.values(folded=Folded("content")).annotate(count=Count("pk"), last=Max("pk"))
    found = list(counts.order_by("-count", "-last").values_list("last", "count")[: stats.TOP_PROMPTS])
    messages = prompts.in_bulk([pk for pk, _ in found])
    return [(messages[pk], count) for pk, count in found]


def assert_reported(user, period):
    calls = calls_of(user, period)
    total = report(user, period).total
    sums = calls.aggregate(calls=Count("pk"), prompts=Sum("prompt_tokens"), firsts=Sum("first_token_ms"))
    assert (total.calls, total.input_tokens, total.first_token_total) == tuple(value or 0 for value in sums.values())
    done = calls.filter(code="", purpose__in=("reply", "generate", "analyze"))
    assert sorted(total.durations) == sorted(done.values_list("duration_ms", flat=True))
