import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from google_oauth.models import GoogleCredential
from tests.google_oauth.emulator import Google


@pytest.fixture(scope="session")
def google_process():
    with Google() as google:
        yield google


@pytest.fixture
def google(google_process, settings):
    """A site whose Google is the emulator."""
    google_process.reset()
    for name, value in google_process.settings.items():
        setattr(settings, name, value)
    cache.clear()
    return google_process


@pytest.fixture
def client():
    """By a name that Google knows this site by."""
    return Client(headers={"Host": "localhost"})


@pytest.fixture
def sign_in(google):
    """Somebody at the login page chooses Google; the client then holds what came of it."""

    def begin(email="anna.k@example.com", client=None, allow=True, **data):
        client = client or Client(headers={"Host": "localhost"})
        led = client.post(reverse("google_login"), data)
        return client, client.get(google.consent(led.url, email, allow=allow))

    return begin


@pytest.fixture
def link(google):
    """A person who is signed in links a Google account, for signing in only."""

    def begin(client, email="anna.k@example.com"):
        led = client.post(f"{reverse('google_login')}?process=connect")
        return client.get(google.consent(led.url, email), follow=True)

    return begin


@pytest.fixture
def connect(google):
    """A person who is signed in connects a calendar; the page that it ends on."""

    def begin(client, email="anna.k@example.com", **choice):
        led = client.post(reverse("google_oauth:calendar-connect"))
        page = client.get(google.consent(led.url, email, **choice), follow=True)
        # That page has already asked for the events of this week.
        cache.clear()
        google.clear_log()
        return page

    return begin


@pytest.fixture
def credential(connect, alices, alice):
    """Alice's calendar, which is Anna's at Google."""
    connect(alices)
    return GoogleCredential.objects.get(user=alice)
