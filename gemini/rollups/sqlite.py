"""The triggers on SQLite. They ask Python for digests: clients without our function (`sqlite3`, say) can read."""

from typing import Any

from django.db import transaction

from gemini.rollups.contents import CALL_KEY, COUNTED, Dialect, prompts, tables
from gemini.rollups.digests import VERSION

DIALECT = Dialect(
    digest="GEMINI_DIGEST({0})",
    microseconds="CAST(ROUND({0} * 1000000) AS INTEGER)",
    # As Django writes a moment.
    quarter="strftime('%Y-%m-%d %H:%M:%S', strftime('%s', {0}) / 900 * 900, 'unixepoch')",
    listed="group_concat({0})",
    larger="MAX",
)
TABLES, PROMPTS = tables(DIALECT), prompts(DIALECT)

ADD_MESSAGE = f"""
    INSERT INTO gemini_sessiontotals (session_id, messages, timed, microseconds)
    SELECT NEW.session_id, 1, NEW.response_time IS NOT NULL,
        COALESCE({DIALECT.microseconds.format("NEW.response_time")}, 0)
    WHERE {COUNTED.format("NEW")}
    ON CONFLICT (session_id) DO UPDATE SET messages = messages + 1,
        timed = timed + excluded.timed, microseconds = microseconds + excluded.microseconds;
    {PROMPTS.filling} AND m.id = NEW.id;"""
REMOVE_MESSAGE = f"""
    UPDATE gemini_sessiontotals SET messages = messages - 1, timed = timed - (OLD.response_time IS NOT NULL),
        microseconds = microseconds - COALESCE({DIALECT.microseconds.format("OLD.response_time")}, 0)
    WHERE session_id = OLD.session_id AND {COUNTED.format("OLD")};
    DELETE FROM gemini_sessiontotals WHERE session_id = OLD.session_id AND messages = 0;
    DELETE FROM gemini_countedprompt WHERE message_id = OLD.id AND OLD.role = 'user';"""

KEY = ", ".join(CALL_KEY)
ADD_CALL = f"""
    INSERT INTO gemini_calltotals ({KEY}, calls, prompt_tokens, output_tokens, total_tokens, first_token_ms,
        first_tokens, durations_ms)
    VALUES (NEW.user_id, {DIALECT.quarter.format("NEW.created_at")}, NEW.model, NEW.interface, NEW.purpose,
        NEW.key_origin, NEW.code, 1, NEW.prompt_tokens, MAX(NEW.total_tokens - NEW.prompt_tokens, 0), NEW.total_tokens,
        COALESCE(NEW.first_token_ms, 0), NEW.first_token_ms IS NOT NULL, NEW.duration_ms)
    ON CONFLICT ({KEY}) DO UPDATE SET calls = calls + 1, prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        output_tokens = output_tokens + excluded.output_tokens, total_tokens = total_tokens + excluded.total_tokens,
        first_token_ms = first_token_ms + excluded.first_token_ms, first_tokens = first_tokens + excluded.first_tokens,
        durations_ms = durations_ms || ',' || excluded.durations_ms;"""
OLD_KEY = f"""user_id = OLD.user_id AND begins = {DIALECT.quarter.format("OLD.created_at")}
        AND model = OLD.model AND interface = OLD.interface AND purpose = OLD.purpose
        AND key_origin = OLD.key_origin AND code = OLD.code"""
# The first that is the same leaves the list, with one of the commas around it.
LISTED, ONE = "',' || durations_ms || ','", "',' || OLD.duration_ms || ','"
REMOVE_CALL = f"""
    UPDATE gemini_calltotals SET calls = calls - 1, prompt_tokens = prompt_tokens - OLD.prompt_tokens,
        output_tokens = output_tokens - MAX(OLD.total_tokens - OLD.prompt_tokens, 0),
        total_tokens = total_tokens - OLD.total_tokens,
        first_token_ms = first_token_ms - COALESCE(OLD.first_token_ms, 0),
        first_tokens = first_tokens - (OLD.first_token_ms IS NOT NULL),
        durations_ms = trim(substr({LISTED}, 1, instr({LISTED}, {ONE}))
            || substr({LISTED}, instr({LISTED}, {ONE}) + length({ONE})), ',')
    WHERE {OLD_KEY};
    DELETE FROM gemini_calltotals WHERE {OLD_KEY} AND calls = 0;"""
FIGURES = "prompt_tokens, total_tokens, first_token_ms, duration_ms"

SCHEMA = {
    "gemini_rollup_message_insert": f"AFTER INSERT ON gemini_chatmessage BEGIN {ADD_MESSAGE} END",
    "gemini_rollup_message_delete": f"AFTER DELETE ON gemini_chatmessage BEGIN {REMOVE_MESSAGE} END",
    # Once a second the text of each reply that is being written grows: its first words count, the others pass.
    "gemini_rollup_message_update": f"""
        AFTER UPDATE OF session_id, role, content, timestamp, response_time, shown, deleted_at ON gemini_chatmessage
        WHEN {COUNTED.format("OLD")} <> {COUNTED.format("NEW")}
            OR OLD.response_time IS NOT NEW.response_time OR OLD.session_id <> NEW.session_id OR OLD.role <> NEW.role
            OR (NEW.role = 'user' AND (OLD.content <> NEW.content OR OLD.timestamp <> NEW.timestamp))
        BEGIN {REMOVE_MESSAGE} {ADD_MESSAGE} END""",
    "gemini_rollup_session_update": f"""
        AFTER UPDATE OF deleted_at, user_id ON gemini_chatsession
        WHEN (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) OR OLD.user_id <> NEW.user_id BEGIN
            DELETE FROM gemini_countedprompt
            WHERE message_id IN (SELECT id FROM gemini_chatmessage WHERE session_id = NEW.id AND shown);
            {PROMPTS.filling} AND m.session_id = NEW.id;
        END""",
    "gemini_rollup_prompt_insert": """
        AFTER INSERT ON gemini_countedprompt BEGIN
            INSERT INTO gemini_promptcount (user_id, digest, count, last_id)
            VALUES (NEW.user_id, NEW.digest, 1, NEW.message_id)
            ON CONFLICT (user_id, digest) DO UPDATE SET count = count + 1, last_id = MAX(last_id, excluded.last_id);
        END""",
    "gemini_rollup_prompt_delete": """
        AFTER DELETE ON gemini_countedprompt BEGIN
            DELETE FROM gemini_promptcount WHERE user_id = OLD.user_id AND digest = OLD.digest AND count = 1;
            UPDATE gemini_promptcount SET count = count - 1,
                last_id = CASE last_id WHEN OLD.message_id THEN
                    (SELECT MAX(message_id) FROM gemini_countedprompt
                    WHERE user_id = OLD.user_id AND digest = OLD.digest)
                ELSE last_id END
            WHERE user_id = OLD.user_id AND digest = OLD.digest;
        END""",
    "gemini_rollup_call_insert": f"AFTER INSERT ON gemini_geminicall BEGIN {ADD_CALL} END",
    "gemini_rollup_call_delete": f"AFTER DELETE ON gemini_geminicall BEGIN {REMOVE_CALL} END",
    "gemini_rollup_call_update": f"""
        AFTER UPDATE OF user_id, created_at, model, interface, purpose, key_origin, code, {FIGURES}
        ON gemini_geminicall BEGIN {REMOVE_CALL} {ADD_CALL} END""",
}
TRIGGERS = {name: f"CREATE TRIGGER {name} /* {VERSION} */ {definition}" for name, definition in SCHEMA.items()}


def is_installed(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'gemini_rollup_%%'")
        return dict(cursor.fetchall()) == TRIGGERS


def install(connection: Any) -> None:
    """Fills all tables anew and makes the triggers that keep them, all or nothing; who writes waits."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        suspend(connection)
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table.name}")  # nosec B608 # names of our own tables
            cursor.execute(table.filling)
        for definition in TRIGGERS.values():
            cursor.execute(definition)


def suspend(connection: Any) -> None:
    """Takes the triggers away: Django remakes tables, and a migration may remove those that triggers write to."""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
