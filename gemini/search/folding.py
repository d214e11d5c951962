"""Text compared without regard to case, in Cyrillic too, on every database that we run on.

SQLite folds only ASCII by itself, PostgreSQL what the database's locale knows: the one gets a function of ours, the
other is asked for ICU's rules.
"""

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, Lookup, TextField, Transform

FOLD = "GEMINI_FOLD"
ICU = 'COLLATE "und-x-icu"'


def fold(text: str | None) -> str | None:
    return None if text is None else text.strip().casefold()


def teach_sqlite(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(FOLD, 1, fold, deterministic=True)


connection_created.connect(teach_sqlite, dispatch_uid="gemini.search.folding")


class Folded(Transform):
    """`…__folded`: the text without surrounding space and without case."""

    lookup_name = "folded"
    function = FOLD

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = rf"LOWER(BTRIM(%(expressions)s, E' \t\r\n') {ICU})"
        return self.as_sql(compiler, connection, template=template, **context)


class FoldedContains(Lookup):
    """`…__fcontains`: what is typed occurs in the text, in whatever case; `%`, `_` and `\\` are only characters."""

    lookup_name = "fcontains"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{FOLD}({left}) LIKE %s ESCAPE '\\'", [*left_params, pattern(str(self.rhs).casefold())]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        return f"LOWER({left} {ICU}) LIKE LOWER(%s {ICU}) ESCAPE '\\'", [*left_params, pattern(str(self.rhs))]


def pattern(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"


for field in (CharField, TextField):
    field.register_lookup(Folded)
    field.register_lookup(FoldedContains)
