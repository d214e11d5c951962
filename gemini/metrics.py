"""What an operator watches of replies and requests to Gemini, for Prometheus. Who they belong to is in no label.

Every label has few values, fixed in our code: a word of Google's or a user's would make a series for each.
"""

from prometheus_client import Counter, Gauge, Histogram

from gemini.exceptions import MESSAGES

# Seconds.
FIRST_TOKEN = (0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
WHOLE = (0.5, 1, 2, 4, 8, 16, 32, 64, 128, 300)
# Outcomes of a call that are no failures.
OUTCOMES = ("stopped", "interrupted")

live_replies = Gauge("gemini_replies_live", "Replies that this process is writing.")
viewers = Gauge("gemini_viewers", "Streams through which somebody watches a reply.")
ended = Counter("gemini_replies_ended", "Replies by how they ended.", ["status"])
first_token = Histogram(
    "gemini_first_token_seconds", "From the start of a reply to its first text.", buckets=FIRST_TOKEN
)
whole = Histogram("gemini_reply_seconds", "From the start of a reply to its end.", buckets=WHOLE)
calls = Counter("gemini_calls", "Requests to Gemini: a reply may take several, a title takes one.", ["purpose"])
errors = Counter("gemini_engine_errors", "Requests to Gemini that failed, by the code of the failure.", ["code"])
tokens = Counter("gemini_tokens", "Tokens as Google counts them; thoughts are output.", ["interface", "direction"])


def watch(runtime: object) -> None:
    """Has the gauges read what the runtime holds, when somebody asks."""
    live_replies.set_function(lambda: len(runtime.live))  # type: ignore[attr-defined]
    viewers.set_function(lambda: runtime.pace.watched)  # type: ignore[attr-defined]


def count_reply(status: str, seconds: float, first_token_seconds: float | None) -> None:
    ended.labels(status).inc()
    whole.observe(seconds)
    if first_token_seconds is not None:
        first_token.observe(first_token_seconds)


def count_call(purpose: str, interface: str, prompt_tokens: int, total_tokens: int, code: str) -> None:
    calls.labels(purpose).inc()
    tokens.labels(interface, "input").inc(prompt_tokens)
    tokens.labels(interface, "output").inc(max(0, total_tokens - prompt_tokens))
    if code and code not in OUTCOMES:
        errors.labels(code if code in MESSAGES else "upstream_error").inc()
