"""Fills the database of a server that is to be measured: `python -m bench.seed SESSIONS MESSAGES_IN_EACH`.

One user, a year of chats, words of a small vocabulary, and in a single message the word that is searched for.
"""

import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

WORDS = "курс валюта отчёт встреча зарплата налог договор план проект задача счёт баланс перевод рубль доллар".split()
NEEDLE = "кристаллография"
COMMON = "отчёт"
BATCH = 20_000
MESSAGE = "id, session_id, role, content, timestamp, status, error_code, metadata, parent_id, shown, lease_owner"
CALL = (
    "user_id, interface, purpose, key_origin, model, "
    "prompt_tokens, total_tokens, duration_ms, first_token_ms, code, created_at"
)
Row = tuple[Any, ...]
YEAR = timedelta(days=365)


def sentences() -> "itertools.chain[str]":
    """Sentences of ten words; after ten thousand they come again, so that their stems are known by then."""
    size = len(WORDS)
    numbers = itertools.count()
    return itertools.chain.from_iterable(
        [" ".join(WORDS[(number * 7 + step * (1 + number % 5)) % size] for step in range(10)) + f" {number % 10_000}."]
        for number in numbers
    )


def fill(sessions: int, messages: int) -> None:
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management.color import no_style
    from django.db import connection
    from django.utils import timezone

    from gemini.models import ChatMessage, ChatSession, GeminiCall
    from gemini.rollups import upkeep
    from gemini.search import index

    user = get_user_model().objects.get(username="bench")
    if ChatSession.objects.filter(user=user).exists():
        # The calls are stored last; what is made of them is made again by migrations, if it was broken off there.
        if GeminiCall.objects.filter(user=user).count() < sessions * messages // 2:
            sys.exit("A seeding was broken off: remove the database and seed it anew.")
        report(ChatSession.objects.filter(user=user))
        return
    for name in ("created_at", "updated_at"):
        # Otherwise all would be of this minute, and no period would leave anything out.
        field: Any = ChatSession._meta.get_field(name)
        field.auto_now = field.auto_now_add = False
    text = sentences()
    begins, step = timezone.now() - YEAR, YEAR / sessions
    moments = [begins + step * number for number in range(sessions)]
    made = ChatSession.objects.bulk_create(
        [
            ChatSession(
                user=user, title=f"Чат {number}: {next(text)[:60]}", title_origin="hand", created_at=at, updated_at=at
            )
            for number, at in enumerate(moments)
        ],
        batch_size=BATCH,
    )
    # A million rows: without the ORM, indexed for search and added up afterwards, in one go.
    for keeper in (index.keeper, upkeep.keeper):
        keeper.backend_of(connection).suspend(connection)
    insert(ChatMessage, MESSAGE, messages_of(zip(made, moments, strict=True), messages, text))
    insert(GeminiCall, CALL, calls_of(user.pk, begins, sessions * messages // 2))
    for keeper in (index.keeper, upkeep.keeper):
        keeper.ensure("default")
    with connection.cursor() as cursor:
        # Their ids were ours to give: PostgreSQL's own numbering goes on after them.
        for statement in connection.ops.sequence_reset_sql(no_style(), [ChatMessage]):
            cursor.execute(statement)
    needle = ChatMessage.objects.filter(session=made[sessions // 2]).order_by("pk").first()
    if needle:
        needle.content += f" {NEEDLE}"
        needle.save()
    report(ChatSession.objects.filter(user=user))


def messages_of(sessions: Iterable[tuple[Any, datetime]], messages: int, text: Iterator[str]) -> Iterator[Row]:
    pk = 0
    for session, moment in sessions:
        for number in range(messages):
            pk += 1
            role = "user" if number % 2 == 0 else "assistant"
            parent = pk - 1 if number else None
            yield pk, session.pk, role, next(text), stamp(moment), "done", "", "{}", parent, True, ""


def calls_of(user_id: int, begins: datetime, replies: int) -> Iterator[Row]:
    """One of Gemini's for each answer."""
    names = "web", "reply", "server", "gemini-flash-latest"
    for number in range(replies):
        figures = 200, 300 + number % 500, 1_000 + number % 3_000, 200 + number % 300
        yield user_id, *names, *figures, "", stamp(begins + YEAR * (number / replies))


def insert(model: Any, columns: str, rows: Iterator[Row]) -> None:
    from django.db import connection, transaction

    marks = ", ".join(["%s"] * len(columns.split(",")))
    statement = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})"
    while batch := list(itertools.islice(rows, BATCH)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, batch)


def stamp(moment: datetime) -> str:
    """As Django writes it on SQLite."""
    return str(moment.replace(tzinfo=None))


def report(sessions: Any) -> None:
    print(*sessions.order_by("pk").values_list("pk", flat=True)[:600])  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    fill(int(sys.argv[1]), int(sys.argv[2]))
