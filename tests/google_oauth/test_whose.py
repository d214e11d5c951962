"""Whose events are listed: nothing that is kept for one answers another, nor the same one later."""

from datetime import date

import pytest

from google_oauth import calendar, tokens
from google_oauth.exceptions import NotConfigured, NotConnected, Unavailable
from google_oauth.models import GoogleCredential
from google_oauth.periods import Period

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

WEEK = Period.around(date(2026, 11, 25), "week")


def test_each_sees_only_their_own(credential, connect, alice, bobs, bob, google):
    """One range, one minute, two people: nothing that is kept for Alice answers Bob."""
    connect(bobs, "empty@example.com")
    assert calendar.listing(alice, WEEK).events
    assert calendar.listing(bob, WEEK).events == ()


def test_what_google_refused_to_one_is_asked_for_another(credential, connect, alice, bobs, bob, google):
    """After a failure Google is left alone for a while, on behalf of that person."""
    connect(bobs, "empty@example.com")
    google.control(fail="503", at="/calendar/")
    with pytest.raises(Unavailable):
        calendar.listing(alice, WEEK)
    google.reset()
    assert calendar.listing(bob, WEEK).events == ()


def test_what_was_disconnected_is_not_shown_from_memory(credential, connect, alices, alice):
    assert calendar.listing(alice, WEEK).events
    tokens.disconnect(alice)
    with pytest.raises(NotConnected):
        calendar.listing(alice, WEEK)
    connect(alices, "empty@example.com")
    assert calendar.listing(alice, WEEK).events == ()


def test_another_google_account_brings_other_events(credential, connect, alices, alice):
    assert calendar.listing(alice, WEEK).events
    connect(alices, "empty@example.com")
    assert GoogleCredential.objects.get().email == "empty@example.com"
    assert calendar.listing(alice, WEEK).events == ()


def test_who_has_none_is_told_so(alice, google):
    with pytest.raises(NotConnected):
        calendar.listing(alice, WEEK)


def test_a_site_without_google_says_so(alice):
    with pytest.raises(NotConfigured):
        calendar.listing(alice, WEEK)
