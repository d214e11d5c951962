"""Standing fixtures: Alice who owns things, Bob who owns other things, and an emulator that answers for Gemini."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.sessions import is_news
from config import metrics
from gemini import engines, throttling
from gemini.replies import runtime
from tests import factories, second_try
from tests.processes import Emulator
from tests.services import SourceEmulators


def pytest_collection_modifyitems(items):
    second_try.give(items)


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
    # Nobody answers there: a test that asks a source has an emulator of it, or learns what happens without.
    settings.NBRB_BASE_URL = settings.HH_BASE_URL = settings.TRUDVSEM_BASE_URL = "http://127.0.0.1:9"
    settings.HH_ACCESS_TOKEN = ""
    cache.clear()
    throttling.reset()
    settings.REDIS_URL = ""


@pytest.fixture
def alice(db):
    return factories.make_user("alice")


@pytest.fixture
def bob(db):
    return factories.make_user("bob")


@pytest.fixture
def serving(db):
    """What a server does with its connections, and tests do not."""
    metrics.count_errors_of(connection)
    yield
    del connection.wrap_database_errors


@pytest.fixture
def client_of():
    def make(user) -> Client:
        client = Client(headers={"Host": "localhost"})
        client.force_login(user)
        # Written down already, as after its first request: that is not what a page costs.
        is_news(client.session.session_key)
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


@pytest.fixture(scope="session")
def upstream():
    """The same for servers that are processes themselves: slow enough for something to happen to an answer."""
    with Emulator(pace=0.02, first_token=0.02) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def source_processes():
    with SourceEmulators() as emulators:
        yield emulators


@pytest.fixture
def services(source_processes, settings):
    """NBRB, HH.ru and «Работа России» for one test, in order and answering."""
    source_processes.reset()
    settings.NBRB_BASE_URL = source_processes.nbrb.url
    settings.HH_BASE_URL = source_processes.hh.url
    settings.HH_ACCESS_TOKEN = source_processes.token
    settings.HH_USER_AGENT = "gemini-chat/1.0 (tests@gemini.local)"
    settings.TRUDVSEM_BASE_URL = f"{source_processes.hh.url}/api/v1"
    return source_processes


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
