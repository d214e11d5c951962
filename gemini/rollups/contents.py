"""What the tables hold, as queries of what they are made from: for filling them, and for proving them."""

from dataclasses import dataclass

# Whether a message counts. A reply that is being written and has no text yet counts too, but only as long as its lease:
# that is no fact of the row's, and is added by whoever reads.
COUNTED = "({0}.shown AND {0}.deleted_at IS NULL AND {0}.content <> '')"
CALL_KEY = ("user_id", "begins", "model", "interface", "purpose", "key_origin", "code")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database says it, with `{0}` for what it is about."""

    digest: str
    microseconds: str
    quarter: str
    listed: str
    larger: str


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    query: str

    @property
    def columns(self) -> str:
        return ", ".join((*self.key, *self.values))

    @property
    def filling(self) -> str:
        return f"INSERT INTO {self.name} ({self.columns}) {self.query}"


def prompts(dialect: Dialect) -> Table:
    """Its query can be narrowed by more conditions."""
    return Table(
        "gemini_countedprompt",
        ("message_id",),
        ("user_id", "timestamp", "digest"),
        f"""
        SELECT m.id, s.user_id, m.timestamp, {dialect.digest.format("m.content")}
        FROM gemini_chatmessage m JOIN gemini_chatsession s ON s.id = m.session_id
        WHERE m.role = 'user' AND s.deleted_at IS NULL AND {COUNTED.format("m")}""",
    )


def tables(dialect: Dialect) -> tuple[Table, ...]:
    """In the order in which they are filled: prompts are counted from those that count."""
    return (
        Table(
            "gemini_sessiontotals",
            ("session_id",),
            ("messages", "timed", "microseconds"),
            f"""
            SELECT m.session_id, COUNT(*), COUNT(m.response_time),
                COALESCE(SUM({dialect.microseconds.format("m.response_time")}), 0)
            FROM gemini_chatmessage m WHERE {COUNTED.format("m")} GROUP BY m.session_id""",
        ),
        prompts(dialect),
        Table(
            "gemini_promptcount",
            ("user_id", "digest"),
            ("count", "last_id"),
            "SELECT user_id, digest, COUNT(*), MAX(message_id) FROM gemini_countedprompt GROUP BY user_id, digest",
        ),
        Table(
            "gemini_calltotals",
            CALL_KEY,
            (
                *("calls", "prompt_tokens", "output_tokens", "total_tokens", "first_token_ms", "first_tokens"),
                "durations_ms",
            ),
            f"""
            SELECT user_id, {dialect.quarter.format("created_at")} AS begins,
                model, interface, purpose, key_origin, code, COUNT(*), SUM(prompt_tokens),
                SUM({dialect.larger}(total_tokens - prompt_tokens, 0)), SUM(total_tokens),
                COALESCE(SUM(first_token_ms), 0), COUNT(first_token_ms), {dialect.listed.format("duration_ms")}
            FROM gemini_geminicall GROUP BY {", ".join(CALL_KEY)}""",
        ),
    )
