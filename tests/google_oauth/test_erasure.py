"""Where a credential goes it goes altogether, here and at Google; and no log has seen it."""

import time

import pytest
from django.urls import reverse

from google_oauth import calendar, tokens
from google_oauth.exceptions import Refused
from google_oauth.models import GoogleCredential
from google_oauth.periods import Period, today
from tests.google_oauth.test_tokens import expire

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_disconnecting_erases_it_and_withdraws_it_at_google(credential, google, alices):
    page = alices.post(reverse("google_oauth:calendar-disconnect"), follow=True)
    assert "доступ отозван у Google" in page.content.decode()
    assert not GoogleCredential.objects.exists()
    [revoked] = google.asked("/revoke")
    assert google.form_of(revoked) == {"token": credential.refresh}


@pytest.mark.parametrize("kind", ["500", "down"])
def test_disconnecting_erases_it_also_when_google_is_away_and_says_so(credential, google, alices, kind):
    google.control(fail=kind, at="/revoke")
    page = alices.post(reverse("google_oauth:calendar-disconnect"), follow=True)
    assert "Google не подтвердил отзыв" in page.content.decode()
    assert not GoogleCredential.objects.exists()


@pytest.mark.parametrize("how", ["account", "link"])
def test_it_is_erased_and_withdrawn_with_what_it_belongs_to(
    credential, google, alice, how, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        (alice if how == "account" else credential.account).delete()
    assert not GoogleCredential.objects.exists()
    deadline = time.monotonic() + 5
    while not google.asked("/revoke"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert google.form_of(google.asked("/revoke")[0]) == {"token": credential.refresh}


def test_no_token_is_ever_logged(caplog, alices, alice, connect, google):
    caplog.set_level("DEBUG")
    connect(alices)
    credential = GoogleCredential.objects.get()
    secrets = [credential.access, credential.refresh, google.settings["GOOGLE_CLIENT_SECRET"]]
    secrets.append(tokens.usable(expire(credential)).access)
    calendar.listing(alice, Period.around(today(), "week"))
    google.control(fail="invalid_client", at="/token")
    with pytest.raises(Refused):
        tokens.usable(expire(GoogleCredential.objects.get()))
    tokens.disconnect(alice)
    written = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "Google renews no token" in written
    assert not [secret for secret in secrets if secret in written]
