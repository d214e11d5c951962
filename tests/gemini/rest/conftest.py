import pytest
from django.test import Client

from accounts.rest import new_session
from tests.gemini.rest import described


class Caller:
    """A program that knows nothing but a session key: no cookie, no CSRF token."""

    root = "/api/v1/gemini/"

    def __init__(self, user=None):
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        self.headers = {"Authorization": f"Session {new_session(user).session_key}"} if user else {}

    def __call__(self, method, path, body=None, **headers):
        url = path if path.startswith("/") else self.root + path
        options = {} if body is None else {"data": body, "content_type": "application/json"}
        response = getattr(self.client, method)(url, headers={**self.headers, **headers}, **options)
        described.check(method, url, response)
        return response

    def get(self, path, **headers):
        return self("get", path, **headers)

    def post(self, path, body=None, **headers):
        return self("post", path, {} if body is None else body, **headers)


@pytest.fixture
def nobody(db):
    return Caller()


@pytest.fixture
def owner(alice):
    return Caller(alice)


@pytest.fixture
def stranger(bob):
    return Caller(bob)
