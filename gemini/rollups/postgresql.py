"""The triggers on PostgreSQL.

Rows are locked in one order, or two transactions could wait for each other: sessions by whoever changes a conversation,
then their totals, then the user, on whom all changes of one person's prompts meet. Without that the newest of equal
prompts could be looked for while another transaction takes it away.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from gemini.rollups.contents import CALL_KEY, COUNTED, Dialect, prompts, tables

DIALECT = Dialect(
    digest="gemini_rollup_digest({0})",
    microseconds="ROUND({0} * 1000000)::bigint",
    quarter="date_bin('15 minutes', {0}, '2000-01-01 00:00:00+00')",
    listed="string_agg(({0})::text, ',')",
    larger="GREATEST",
)
TABLES, PROMPTS = tables(DIALECT), prompts(DIALECT)
DIGEST = r"""
CREATE OR REPLACE FUNCTION gemini_rollup_digest(body text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || encode(substr(sha256(convert_to(
        lower(btrim(body, E' \t\r\n') COLLATE "und-x-icu"), 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
$$;
"""

USERS = get_user_model()._meta.db_table
KEY = ", ".join(CALL_KEY)
# One call, as a row of totals.
ONE = """{0}.user_id, {1}, {0}.model, {0}.interface, {0}.purpose, {0}.key_origin, {0}.code"""
OLD_KEY = f"({KEY}) = ({ONE.format('OLD', DIALECT.quarter.format('OLD.created_at'))})"
# The first that is the same leaves the list, with one of the commas around it.
LISTED, SAME = "',' || durations_ms || ','", "',' || OLD.duration_ms || ','"

SCHEMA = f"""
CREATE FUNCTION gemini_rollup_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND {COUNTED.format("OLD")} THEN
        UPDATE gemini_sessiontotals SET messages = messages - 1, timed = timed - (OLD.response_time IS NOT NULL)::int,
            microseconds = microseconds - COALESCE({DIALECT.microseconds.format("OLD.response_time")}, 0)
        WHERE session_id = OLD.session_id;
        DELETE FROM gemini_sessiontotals WHERE session_id = OLD.session_id AND messages = 0;
        IF OLD.role = 'user' THEN
            DELETE FROM gemini_countedprompt WHERE message_id = OLD.id;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' AND {COUNTED.format("NEW")} THEN
        INSERT INTO gemini_sessiontotals AS kept (session_id, messages, timed, microseconds)
        VALUES (NEW.session_id, 1, (NEW.response_time IS NOT NULL)::int,
            COALESCE({DIALECT.microseconds.format("NEW.response_time")}, 0))
        ON CONFLICT (session_id) DO UPDATE SET messages = kept.messages + 1, timed = kept.timed + excluded.timed,
            microseconds = kept.microseconds + excluded.microseconds;
        IF NEW.role = 'user' THEN
            {PROMPTS.filling} AND m.id = NEW.id;
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION gemini_rollup_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM gemini_countedprompt
    WHERE message_id IN (SELECT id FROM gemini_chatmessage WHERE session_id = NEW.id AND shown);
    {PROMPTS.filling} AND m.session_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION gemini_rollup_prompt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM "{USERS}" WHERE id = COALESCE(NEW.user_id, OLD.user_id) FOR NO KEY UPDATE;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM gemini_promptcount WHERE user_id = OLD.user_id AND digest = OLD.digest AND count = 1;
        UPDATE gemini_promptcount SET count = count - 1,
            last_id = CASE last_id WHEN OLD.message_id THEN
                (SELECT MAX(message_id) FROM gemini_countedprompt
                WHERE user_id = OLD.user_id AND digest = OLD.digest)
            ELSE last_id END
        WHERE user_id = OLD.user_id AND digest = OLD.digest;
    ELSE
        INSERT INTO gemini_promptcount AS kept (user_id, digest, count, last_id)
        VALUES (NEW.user_id, NEW.digest, 1, NEW.message_id)
        ON CONFLICT (user_id, digest) DO UPDATE SET count = kept.count + 1,
            last_id = GREATEST(kept.last_id, excluded.last_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION gemini_rollup_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE gemini_calltotals SET calls = calls - 1, prompt_tokens = prompt_tokens - OLD.prompt_tokens,
            output_tokens = output_tokens - GREATEST(OLD.total_tokens - OLD.prompt_tokens, 0),
            total_tokens = total_tokens - OLD.total_tokens,
            first_token_ms = first_token_ms - COALESCE(OLD.first_token_ms, 0),
            first_tokens = first_tokens - (OLD.first_token_ms IS NOT NULL)::int,
            durations_ms = btrim(substr({LISTED}, 1, strpos({LISTED}, {SAME}))
                || substr({LISTED}, strpos({LISTED}, {SAME}) + length({SAME})), ',')
        WHERE {OLD_KEY};
        DELETE FROM gemini_calltotals WHERE {OLD_KEY} AND calls = 0;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO gemini_calltotals AS kept ({KEY}, calls, prompt_tokens, output_tokens, total_tokens,
            first_token_ms, first_tokens, durations_ms)
        VALUES ({ONE.format("NEW", DIALECT.quarter.format("NEW.created_at"))}, 1, NEW.prompt_tokens,
            GREATEST(NEW.total_tokens - NEW.prompt_tokens, 0), NEW.total_tokens, COALESCE(NEW.first_token_ms, 0),
            (NEW.first_token_ms IS NOT NULL)::int, NEW.duration_ms::text)
        ON CONFLICT ({KEY}) DO UPDATE SET calls = kept.calls + 1,
            prompt_tokens = kept.prompt_tokens + excluded.prompt_tokens,
            output_tokens = kept.output_tokens + excluded.output_tokens,
            total_tokens = kept.total_tokens + excluded.total_tokens,
            first_token_ms = kept.first_token_ms + excluded.first_token_ms,
            first_tokens = kept.first_tokens + excluded.first_tokens,
            durations_ms = kept.durations_ms || ',' || excluded.durations_ms;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER gemini_rollup AFTER INSERT OR DELETE ON gemini_chatmessage FOR EACH ROW
    EXECUTE FUNCTION gemini_rollup_message();
CREATE TRIGGER gemini_rollup_update
    AFTER UPDATE OF session_id, role, content, timestamp, response_time, shown, deleted_at ON gemini_chatmessage
    FOR EACH ROW WHEN ({COUNTED.format("OLD")} <> {COUNTED.format("NEW")}
        OR OLD.response_time IS DISTINCT FROM NEW.response_time OR OLD.session_id <> NEW.session_id
        OR OLD.role <> NEW.role
        OR (NEW.role = 'user' AND (OLD.content <> NEW.content OR OLD.timestamp <> NEW.timestamp)))
    EXECUTE FUNCTION gemini_rollup_message();
CREATE TRIGGER gemini_rollup AFTER UPDATE OF deleted_at, user_id ON gemini_chatsession FOR EACH ROW
    WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) OR OLD.user_id <> NEW.user_id)
    EXECUTE FUNCTION gemini_rollup_session();
CREATE TRIGGER gemini_rollup AFTER INSERT OR DELETE ON gemini_countedprompt FOR EACH ROW
    EXECUTE FUNCTION gemini_rollup_prompt();
CREATE TRIGGER gemini_rollup AFTER INSERT OR DELETE OR UPDATE OF
    user_id, created_at, model, interface, purpose, key_origin, code,
    prompt_tokens, total_tokens, first_token_ms, duration_ms ON gemini_geminicall FOR EACH ROW
    EXECUTE FUNCTION gemini_rollup_call();
"""
# The functions take their triggers along.
REMOVAL = """
DROP FUNCTION IF EXISTS gemini_rollup_message, gemini_rollup_session, gemini_rollup_prompt, gemini_rollup_call CASCADE;
"""
SOURCES = "gemini_chatsession, gemini_chatmessage, gemini_geminicall"


def is_installed(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), MAX(obj_description(to_regproc('gemini_rollup_message'), 'pg_proc')) FROM pg_trigger "
            "WHERE tgname LIKE 'gemini_rollup%%' AND tgenabled <> 'D' AND tgrelid IN ("
            "SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
        )
        return bool(cursor.fetchone() == (SCHEMA.count("CREATE TRIGGER"), SCHEMA))


def install(connection: Any) -> None:
    """Fills all tables anew and makes the triggers that keep them, all or nothing; who writes waits."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {SOURCES} IN SHARE ROW EXCLUSIVE MODE")
        suspend(connection)
        cursor.execute(DIGEST)
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table.name}")  # nosec B608 # names of our own tables
            cursor.execute(table.filling)
        cursor.execute(SCHEMA)
        cursor.execute("COMMENT ON FUNCTION gemini_rollup_message IS %s", [SCHEMA])


def suspend(connection: Any) -> None:
    """Takes the triggers away: a migration may remove the tables that they write to."""
    with connection.cursor() as cursor:
        cursor.execute(REMOVAL)
