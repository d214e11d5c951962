"""Full text on PostgreSQL, by its `russian` configuration, which stems English words too, in tables kept by triggers.

The configuration is a copy without stop words: «не» is looked for while somebody types «нева», and in quotes.

An expression index would do, were it not for the newest-first: to check rows in that order PostgreSQL makes their
vectors again, 5 s for a phrase in 40,000 messages. A reply that is still being written is not indexed.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from gemini.search.queries import Query, Term
from gemini.search.stemming import INDEXED_LENGTH, STRESS

# Of a word that stands in every hundredth message a page is full after so many of the newest; any rarer one is found
# by the index, all its rows at once. Neither way is good for the other's words, and estimates of beginnings of words
# and of phrases are guesses: this bounds what a wrong one costs.
RECENT = 2000

# What the parser would take for parts of addresses, tags, numbers and compounds only separates words here, as in
# Python; ё is е, and a mark of stress is nothing.
SEPARATORS = "-_./\\:@&<>+~=?#"
SPELLING = f"'ёЁ{SEPARATORS}{STRESS}', 'еЕ{' ' * len(SEPARATORS)}'"

# In front of each text stands its owner, by a sign that no word has.
SCHEMA = f"""
CREATE TEXT SEARCH DICTIONARY gemini_search_russian (TEMPLATE = snowball, Language = russian);
CREATE TEXT SEARCH DICTIONARY gemini_search_english (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION gemini_search (COPY = russian);
ALTER TEXT SEARCH CONFIGURATION gemini_search ALTER MAPPING REPLACE russian_stem WITH gemini_search_russian;
ALTER TEXT SEARCH CONFIGURATION gemini_search ALTER MAPPING REPLACE english_stem WITH gemini_search_english;

CREATE TABLE gemini_search_content (id bigint PRIMARY KEY, document tsvector NOT NULL);
CREATE TABLE gemini_search_title (id bigint PRIMARY KEY, document tsvector NOT NULL);
CREATE INDEX gemini_search_content_words ON gemini_search_content USING gin (document);
CREATE INDEX gemini_search_title_words ON gemini_search_title USING gin (document);

CREATE FUNCTION gemini_search_document(owner bigint, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT array_to_tsvector(ARRAY['=' || owner])
        || to_tsvector('gemini_search'::regconfig, translate(left(body, {INDEXED_LENGTH}), {SPELLING}))
$$;

CREATE FUNCTION gemini_search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('TRUNCATE %I', TG_ARGV[0]);
    ELSE
        EXECUTE format('DELETE FROM %I WHERE id = $1', TG_ARGV[0]) USING OLD.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION gemini_search_index_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'generating' THEN
        DELETE FROM gemini_search_content WHERE id = NEW.id;
    ELSE
        INSERT INTO gemini_search_content
        SELECT NEW.id, gemini_search_document(user_id, NEW.content) FROM gemini_chatsession WHERE id = NEW.session_id
        ON CONFLICT (id) DO UPDATE SET document = EXCLUDED.document;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION gemini_search_index_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gemini_search_title VALUES (NEW.id, gemini_search_document(NEW.user_id, NEW.title))
    ON CONFLICT (id) DO UPDATE SET document = EXCLUDED.document;
    RETURN NULL;
END $$;

CREATE TRIGGER gemini_search_insert AFTER INSERT ON gemini_chatmessage FOR EACH ROW
    WHEN (NEW.status <> 'generating') EXECUTE FUNCTION gemini_search_index_content();
CREATE TRIGGER gemini_search_update AFTER UPDATE OF content, status ON gemini_chatmessage FOR EACH ROW
    WHEN ((OLD.content IS DISTINCT FROM NEW.content AND NEW.status <> 'generating')
        OR (OLD.status = 'generating') <> (NEW.status = 'generating'))
    EXECUTE FUNCTION gemini_search_index_content();
CREATE TRIGGER gemini_search_delete AFTER DELETE ON gemini_chatmessage FOR EACH ROW
    EXECUTE FUNCTION gemini_search_forget('gemini_search_content');
CREATE TRIGGER gemini_search_truncate AFTER TRUNCATE ON gemini_chatmessage
    EXECUTE FUNCTION gemini_search_forget('gemini_search_content');
CREATE TRIGGER gemini_search_insert AFTER INSERT ON gemini_chatsession FOR EACH ROW
    EXECUTE FUNCTION gemini_search_index_title();
CREATE TRIGGER gemini_search_update AFTER UPDATE OF title ON gemini_chatsession FOR EACH ROW
    WHEN (OLD.title IS DISTINCT FROM NEW.title) EXECUTE FUNCTION gemini_search_index_title();
CREATE TRIGGER gemini_search_delete AFTER DELETE ON gemini_chatsession FOR EACH ROW
    EXECUTE FUNCTION gemini_search_forget('gemini_search_title');
CREATE TRIGGER gemini_search_truncate AFTER TRUNCATE ON gemini_chatsession
    EXECUTE FUNCTION gemini_search_forget('gemini_search_title');
"""
# The functions take their triggers along.
REMOVAL = """
DROP TABLE IF EXISTS gemini_search_content, gemini_search_title;
DROP FUNCTION IF EXISTS gemini_search_forget, gemini_search_index_content, gemini_search_index_title,
    gemini_search_document CASCADE;
DROP TEXT SEARCH CONFIGURATION IF EXISTS gemini_search;
DROP TEXT SEARCH DICTIONARY IF EXISTS gemini_search_russian, gemini_search_english;
"""

FILL = {
    "gemini_search_content": """
        INSERT INTO gemini_search_content
        SELECT m.id, gemini_search_document(s.user_id, m.content)
        FROM gemini_chatmessage m JOIN gemini_chatsession s ON s.id = m.session_id
        WHERE m.status <> 'generating' AND m.id > %s AND m.id <= %s
        ON CONFLICT (id) DO UPDATE SET document = EXCLUDED.document""",
    "gemini_search_title": """
        INSERT INTO gemini_search_title
        SELECT id, gemini_search_document(user_id, title) FROM gemini_chatsession WHERE id > %s AND id <= %s
        ON CONFLICT (id) DO UPDATE SET document = EXCLUDED.document""",
}


def newest(rows: Any, field: str, user: Any, query: Query, count: int) -> list[Any]:
    """The newest of these rows whose field has all terms; they come with an order of their own."""
    wanted, params = expression(user, query)
    table, source = f"gemini_search_{field}", rows.model._meta.db_table
    recent = f"(SELECT id, document FROM {table} ORDER BY id DESC LIMIT {RECENT}) recent"
    among_recent = rows.extra(  # nosec B610 # words go as parameters
        where=[f"{source}.id IN (SELECT id FROM {recent} WHERE document @@ ({wanted}))"], params=params
    )
    found = list(among_recent.order_by("-pk")[:count])
    if len(found) == count:
        return found
    rows = rows.extra(  # nosec B610 # words go as parameters
        tables=[table], where=[f"{table}.id = {source}.id", f"{table}.document @@ ({wanted})"], params=params
    )
    # The sum keeps PostgreSQL from going through all messages in the order of their ids.
    return list(rows.order_by((F("pk") + 0).desc())[:count])


def expression(user: Any, query: Query) -> tuple[str, list[str]]:
    """A tsquery and its parameters: words of letters and digits, so that nothing in them is an operator."""
    wanted = " && ".join(["%s::tsquery", *(SQL[term.open] for term in query.terms)])
    return wanted, [f"'={user.pk}'", *(part for term in query.terms for part in parameters(term))]


PHRASE = "phraseto_tsquery('gemini_search', %s)"
SQL = {False: PHRASE, True: f"(({PHRASE} <-> to_tsquery('simple', %s)) || {PHRASE})"}


def parameters(term: Term) -> list[str]:
    whole = " ".join(term.words)
    return [" ".join(term.words[:-1]), f"'{term.beginning[-1]}':*", whole] if term.open else [whole]


def is_installed(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('gemini_search_content'), 'pg_class')")
        return bool(cursor.fetchone()[0] == SCHEMA)


def install(connection: Any) -> None:
    """Makes the index anew and fills it, all or nothing; what it was made by is kept as its table's comment."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(REMOVAL)
        cursor.execute(SCHEMA)
        cursor.execute("COMMENT ON TABLE gemini_search_content IS %s", [SCHEMA])
        for fill in FILL.values():
            cursor.execute(fill, [-1, 2**63 - 1])


def suspend(connection: Any) -> None:
    """Triggers stay with their tables whatever a migration does."""
