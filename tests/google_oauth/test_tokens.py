"""A credential is sealed, renewed by one process at a time, ends where Google ends it, and is erased without a rest."""

import threading
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from google_oauth import tokens
from google_oauth.exceptions import NotConnected, ReconnectRequired, Refused, Unavailable
from google_oauth.models import GoogleCredential

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

State = GoogleCredential.State


def expire(credential):
    GoogleCredential.objects.update(expires_at=timezone.now())
    credential.refresh_from_db()
    return credential


def refreshes(google):
    return [form for form in google.tokens() if form["grant_type"] == "refresh_token"]


def whole_row():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM google_oauth_googlecredential")
        return str(cursor.fetchall())


def test_the_table_holds_no_token(credential):
    assert credential.access.startswith("ya29.")
    assert credential.refresh.startswith("1//0")
    for token in (credential.access, credential.refresh):
        assert token not in whole_row()
    assert "ya29." not in whole_row()
    assert "1//0" not in whole_row()
    assert credential.access not in repr(credential)


def test_asking_for_the_calendar_asks_for_no_more_than_reading_events(google, alices):
    led = alices.post(reverse("google_oauth:calendar-connect")).url
    assert "calendar.events.readonly" in led
    assert "access_type=offline" in led
    assert "prompt=consent" in led
    assert "calendar.readonly" not in led


def test_a_scope_that_was_unticked_is_not_connected(connect, alices):
    page = connect(alices, scopes=()).content.decode()
    assert "Вы не отметили доступ к календарю" in page
    assert "Календарь подключён." not in page
    assert not GoogleCredential.objects.exists()


def test_signing_in_afterwards_does_not_narrow_it(credential, sign_in):
    sign_in()
    now = GoogleCredential.objects.get()
    assert (now.access, now.refresh) == (credential.access, credential.refresh)


def test_a_token_is_renewed_before_it_ends(credential, google):
    GoogleCredential.objects.update(expires_at=timezone.now() + timedelta(seconds=59))
    credential.refresh_from_db()
    renewed = tokens.usable(credential)
    assert renewed.access != credential.access
    assert renewed.refresh == credential.refresh
    assert renewed.expires_at > timezone.now() + timedelta(minutes=58)
    assert renewed.lease == ""
    [form] = refreshes(google)
    assert form["refresh_token"] == credential.refresh


def test_a_fresh_token_is_used_as_it_is(credential, google):
    assert tokens.usable(credential).access == credential.access
    assert not refreshes(google)


def test_a_refresh_token_that_rotates_is_kept(credential, google):
    google.control(rotate=True)
    second = tokens.renewed(expire(credential))
    assert second.refresh != credential.refresh
    assert tokens.renewed(expire(second)).access


def test_a_permission_withdrawn_at_google_has_to_be_given_anew(credential, google, connect, alices):
    google.control(revoke="anna.k@example.com")
    with pytest.raises(ReconnectRequired):
        tokens.usable(expire(credential))
    credential.refresh_from_db()
    assert (credential.state, credential.encrypted_access, credential.encrypted_refresh) == (State.RECONNECT, "", "")
    asked = len(refreshes(google))
    with pytest.raises(ReconnectRequired):
        tokens.usable(credential)
    assert len(refreshes(google)) == asked, "Google is not asked again"
    connect(alices)
    assert GoogleCredential.objects.get().state == State.CONNECTED


@pytest.mark.parametrize(
    ("kind", "error"),
    [("invalid_client", Refused), ("500", Unavailable), ("down", Unavailable), ("html", Unavailable)],
)
def test_what_may_pass_costs_no_token(credential, google, kind, error):
    google.control(fail=kind, at="/token")
    with pytest.raises(error):
        tokens.usable(expire(credential))
    credential.refresh_from_db()
    assert (credential.state, credential.lease) == (State.CONNECTED, "")
    google.reset()
    assert tokens.usable(credential).access


def test_a_key_that_is_missing_for_a_while_costs_no_token(credential, settings):
    keys = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ReconnectRequired):
        tokens.usable(credential)
    settings.FIELD_ENCRYPTION_KEYS = keys
    credential.refresh_from_db()
    assert tokens.usable(credential).refresh


def test_a_process_that_died_renewing_blocks_nobody(credential, google):
    expire(credential)
    GoogleCredential.objects.update(lease="dead", lease_until=timezone.now() - timedelta(seconds=1))
    assert tokens.renewed(credential).access != credential.access


def test_a_lease_of_another_process_is_waited_for(credential, google, monkeypatch):
    expire(credential)
    GoogleCredential.objects.update(lease="busy", lease_until=timezone.now() + timedelta(seconds=60))
    monkeypatch.setattr(tokens, "PATIENCE", -0.7)
    with pytest.raises(Unavailable):
        tokens.renewed(credential)
    assert not refreshes(google)


def test_what_is_connected_meanwhile_is_not_overwritten(credential, google):
    lease = GoogleCredential.objects.leased(credential.pk, credential.encrypted_access, timezone.now() + tokens.LEASE)
    GoogleCredential.objects.update(lease="", encrypted_access="newer")
    assert tokens.keep_renewed(credential, lease, "ya29.late", {}).encrypted_access == "newer"
    GoogleCredential.objects.all().delete()
    with pytest.raises(NotConnected):
        tokens.keep_renewed(credential, lease, "ya29.late", {})
    assert not GoogleCredential.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_renews(credential, google):
    """Also where a second use of the same refresh token would be the end of it."""
    google.control(rotate=True)
    expire(credential)
    found, begin = [], threading.Barrier(6)

    def work():
        begin.wait()
        try:
            found.append(tokens.usable(GoogleCredential.objects.get()).access)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(refreshes(google)) == 1
