"""The index is no part of the migrations: `gemini.derived` says who looks after it."""

from django.db import connections, transaction

from gemini.derived import Keeper
from gemini.search import postgresql, sqlite

SOURCES = {"gemini_search_content": "gemini_chatmessage", "gemini_search_title": "gemini_chatsession"}
KEYS = {"sqlite": "rowid", "postgresql": "id"}
# Rows indexed in one transaction: nobody who writes meanwhile waits longer than that takes, ~0.2 s.
BATCH = 1000

keeper = Keeper(
    name="search",
    backends={"sqlite": sqlite, "postgresql": postgresql},
    tables=lambda backend: SOURCES.values(),
    announcement="Indexing chats for search",
)


def rebuild(using: str) -> None:
    """Makes the whole index again, whatever it holds, batch by batch while others go on reading and writing."""
    if keeper.ensure(using):
        return
    connection = connections[using]
    for table, fill in keeper.backend_of(connection).FILL.items():
        source, key = SOURCES[table], KEYS[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(id), (SELECT max({key}) FROM {table}) FROM {source}")  # nosec # names of our own tables
            last = max(filter(None, cursor.fetchone()), default=0)
        for start in range(0, last, BATCH):
            with transaction.atomic(using=using), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE {key} > %s AND {key} <= %s", [start, start + BATCH])  # nosec # the same
                cursor.execute(fill, [start, start + BATCH])
