"""Standing fixtures: Alice who owns things, Bob who owns other things, and an emulator that answers for Gemini."""

import pytest
from django.test import Client

from gemini import engines
from gemini.replies import runtime
from tests import factories
from tests.processes import Emulator


@pytest.fixture(autouse=True)
def plain_settings(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Collected files are the browser tests' business.
    settings.STATIC_ROOT = None
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GEMINI_API_KEY = ""
    settings.GEMINI_DEMO_ENDPOINT = ""


@pytest.fixture
def alice(db):
    return factories.make_user("alice")


@pytest.fixture
def bob(db):
    return factories.make_user("bob")


@pytest.fixture
def client_of():
    def make(user) -> Client:
        client = Client(headers={"Host": "localhost"})
        client.force_login(user)
        return client

    return make


@pytest.fixture
def alices(client_of, alice):
    return client_of(alice)


@pytest.fixture
def bobs(client_of, bob):
    return client_of(bob)


@pytest.fixture(scope="session")
def emulator_process():
    with Emulator(pace=0.002, first_token=0.01) as emulator:
        yield emulator


@pytest.fixture
def emulator(emulator_process, settings):
    """Gemini for one test: every user may use the server's key there."""
    emulator_process.clear_log()
    settings.GEMINI_API_ENDPOINT = emulator_process.grpc_address
    settings.GEMINI_API_KEY = "test-server-key"
    return emulator_process


@pytest.fixture
def live(transactional_db, emulator):
    """For tests that start replies: these have a thread with a connection of its own, so nothing may be rolled back."""
    yield emulator
    if runtime._thread:
        runtime.call(engines.aclose())
    runtime.shutdown()
