"""The stand-in's Calendar API: its rules, pages, tags and refusals."""

import pytest

from tests.emulators.google import reason


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"timeMin": "2026-11-23"}, (400, "invalid")),
        ({"timeMin": "2026-11-23T00:00:00"}, (400, "invalid")),
        ({"timeMin": "2026-12-23T00:00:00Z"}, (400, "timeRangeEmpty")),
        ({"orderBy": "startTime", "singleEvents": "false"}, (400, "badRequest")),
        ({"maxResults": "0"}, (400, "invalid")),
        ({"pageToken": "x"}, (400, "invalid")),
        ({"singleEvents": "yes"}, (400, "invalid")),
        ({"syncToken": "old"}, (410, "fullSyncRequired")),
        ({"fields": "items(id"}, (200, "")),
    ],
)
def test_a_list_is_asked_for_by_the_rules(ask, change, expected):
    answer = ask(**change)
    assert answer.status_code == 200 if expected[0] == 200 else reason(answer) == expected


def test_only_what_was_granted_may_be_read(ask):
    assert reason(ask("/calendar/v3/users/me/calendarList")) == (403, "insufficientPermissions")
    assert reason(ask("/calendar/v3/calendars/boris.l@example.com/events")) == (404, "notFound")
    assert ask("/calendar/v3/calendars/anna.k@example.com/events").status_code == 200


def test_pages_follow_one_another_and_the_last_names_a_sync_token(ask):
    first = ask(maxResults=10).json()
    second = ask(maxResults=10, pageToken=first["nextPageToken"]).json()
    ids = [event["id"] for event in first["items"] + second["items"]]
    assert len(ids) == len(set(ids)) == 16
    assert "nextPageToken" not in second
    assert second["nextSyncToken"]


def test_the_same_list_has_the_same_tag(ask):
    tag = ask().headers["etag"]
    assert ask(headers={"If-None-Match": tag}).status_code == 304


def test_fields_leave_out_what_was_not_asked_for(ask):
    body = ask(fields="items(id,start)").json()
    assert set(body) == {"items"}
    assert {name for event in body["items"] for name in event} == {"id", "start"}


def test_cancelled_events_come_only_when_asked_for(ask):
    titles = [event.get("summary") for event in ask(showDeleted="true").json()["items"]]
    assert "Отменённая встреча" in titles
    assert "Отменённая встреча" not in [event.get("summary") for event in ask().json()["items"]]
