import pytest
from django.db import connection

from config import health
from gemini.replies import runtime

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_a_live_process_says_so_to_whoever_asks_under_whatever_name(client):
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).json() == {"status": "ok"}


def test_a_process_is_ready_when_its_database_takes_writes(client):
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_draining_process_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(runtime, "draining", True)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "shutting_down"})


def test_a_database_without_migrations_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'gemini'")
    assert client.get("/readyz").json() == {"status": "not_migrated"}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the pragma is SQLite's")
def test_a_database_that_refuses_writes_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            assert client.get("/readyz").json() == {"status": "database_unavailable"}
        finally:
            cursor.execute("PRAGMA query_only = OFF")
