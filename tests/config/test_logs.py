import json
import logging

import pytest

from config import logs


def written(message, *args, exc_info=None, extra=None):
    """What the production log has of a record."""
    logger = logging.getLogger("test")
    record = logger.makeRecord("test", logging.ERROR, "file.py", 1, message, args, exc_info, extra=extra)
    logs.Context().filter(record)
    return json.loads(logs.Json().format(record))


def test_a_record_is_a_line_of_known_fields():
    line = written("Привет", extra={"reply_id": 7, "password": "canary", "api_key": "canary"})
    assert line["message"] == "Привет"
    assert line["reply_id"] == 7
    assert set(line) == {"time", "level", "logger", "message", "reply_id"}


def test_the_words_of_a_failure_are_left_out_and_its_places_are_not():
    try:
        try:
            raise ValueError("canary")
        except ValueError as inner:
            raise KeyError("canary") from inner
    except KeyError as error:
        line = written("Сбой", exc_info=(type(error), error, error.__traceback__))
    assert "canary" not in json.dumps(line)
    assert "builtins.ValueError" in line["exc_info"]
    assert "builtins.KeyError" in line["exc_info"]
    assert "test_logs.py" in line["exc_info"]


def test_djangos_own_records_name_the_route_and_not_the_path(rf):
    request = rf.get("/accounts/password/reset/key/1-canary/", {"q": "canary"})
    line = written("Internal Server Error: %s", request.path, extra={"request": request, "status_code": 500})
    assert line["message"] == "Internal Server Error: unmatched"
    assert "canary" not in json.dumps(line)


@pytest.mark.parametrize("name", ["short", "", "a" * 65, "two words here", "кириллица-имя", "line\nbreak-in-it"])
def test_not_everything_is_a_name_for_a_request(name):
    assert not logs.ACCEPTABLE.fullmatch(name)


def test_a_level_of_debug_opens_nobodys_bodies():
    levels = logs.settings_for("json", "DEBUG")["loggers"]
    assert levels["django.db.backends"]["level"] == "INFO"
    assert levels["httpcore"]["level"] == "INFO"
    assert logs.settings_for("text", "ERROR")["loggers"]["httpcore"]["level"] == "ERROR"
