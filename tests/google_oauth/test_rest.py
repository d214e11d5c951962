"""The calendar over REST; each answer is held against the schema by `Caller`."""

import pytest

from google_oauth.models import GoogleCredential
from tests.gemini.rest.conftest import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

ROOT = "/api/v1/calendar/"
EVENTS = f"{ROOT}events/?from=2026-11-23"


@pytest.fixture
def owner(credential, alice):
    return Caller(alice)


def test_events_of_a_period(owner):
    answer = owner.get(EVENTS).json()
    assert (answer["from"], answer["to"], answer["time_zone"]) == ("2026-11-23", "2026-11-29", "Europe/Minsk")
    assert (answer["stale"], answer["truncated"], answer["message"]) == (False, False, "")
    assert answer["count"] == len(answer["results"]) == 16
    client = next(event for event in answer["results"] if event["title"] == "Встреча с клиентом")
    assert client["starts_at"] == "2026-11-26T12:00:00+03:00"
    assert client["attendees"][0]["name"] == "ООО «Клиент»"
    assert client["description"] == "Обсудить договор.\nПовестка: ссылка\nсроки\nцена"
    assert (client["response"], client["busy"], client["all_day"]) == ("tentative", True, False)


def test_without_a_period_it_is_this_week(owner):
    answer = owner.get(f"{ROOT}events/").json()
    assert len(answer["results"]) >= 16


@pytest.mark.parametrize(
    "query",
    ["from=tomorrow", "from=2026-11-23T10:00", "from=0001-01-01", "from=9999-12-31", "days=0", "days=32", "days=x"],
)
def test_a_period_that_is_none_is_refused(owner, query):
    response = owner.get(f"{ROOT}events/?{query}")
    assert response.status_code == 400
    assert set(response.json()) <= {"from", "days"}


def test_the_state_is_told_in_a_word_and_in_words(owner, bob, settings):
    answer = owner.get(f"{ROOT}status/").json()
    assert (answer["state"], answer["account"], answer["emulated"]) == ("connected", "anna.k@example.com", True)
    answer = Caller(bob).get(f"{ROOT}status/").json()
    assert (answer["state"], answer["account"]) == ("not_connected", None)
    GoogleCredential.objects.update(state="reconnect_required")
    assert owner.get(f"{ROOT}status/").json()["state"] == "reconnect_required"
    settings.GOOGLE_CLIENT_ID = ""
    assert owner.get(f"{ROOT}status/").json()["state"] == "not_configured"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": 5}, "question"),
        ({"question": "x\x00"}, "question"),
        ({"question": "я" * 1_001}, "question"),
        ({"days": "7"}, "days"),
        ({"days": True}, "days"),
        ({"from": 20261123}, "from"),
        ({"from": None}, "from"),
    ],
)
def test_a_body_is_what_the_schema_says(owner, body, field):
    response = owner.post(f"{ROOT}analyze/", body)
    assert response.status_code == 400
    assert set(response.json()) == {field}


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("503", 503, "unavailable"),
        ("429", 429, "rate_limited"),
        ("403-scope", 409, "reconnect_required"),
        ("404", 503, "refused"),
    ],
)
def test_failures_have_the_envelope_of_all_others(owner, google, kind, status, code):
    google.control(fail=kind, at="/calendar/v3/")
    response = owner.get(EVENTS)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Cache-Control"] == "no-store"
    if status == 429:
        assert response.headers["Retry-After"] == "60"


def test_strangers_get_their_own_and_nobody_nothing(owner, bob):
    response = Caller(bob).get(EVENTS)
    assert (response.status_code, response.json()["code"]) == (409, "not_connected")
    response = Caller(bob).post(f"{ROOT}disconnect/")
    assert (response.status_code, response.json()["code"]) == (409, "not_connected")
    assert GoogleCredential.objects.exists()
    for path in ("events/", "status/"):
        assert Caller().get(ROOT + path).status_code == 401
    for path in ("analyze/", "disconnect/"):
        assert Caller().post(ROOT + path).status_code == 401


def test_no_parameter_names_another_person(owner, bob, connect, bobs, alice):
    connect(bobs, "empty@example.com")
    for name in ("user", "user_id", "account", "email", "calendarId"):
        answer = Caller(bob).get(f"{EVENTS}&{name}={alice.pk}&{name}=anna.k@example.com").json()
        assert answer["results"] == []


def test_a_calendar_is_disconnected(owner, google):
    assert owner.post(f"{ROOT}disconnect/").json() == {"status": "disconnected", "revoked": True}
    assert not GoogleCredential.objects.exists()
    assert len(google.asked("/revoke")) == 1
    assert owner.get(EVENTS).status_code == 409
