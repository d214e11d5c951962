"""A program that knows Google's protocol, and what it asks the stand-in for."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from google_oauth.conf import CALENDAR_SCOPE
from tests.google_oauth.emulator import Google

CALLBACK = "http://localhost:8000/accounts/google/login/callback/"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
EVENTS = "/calendar/v3/calendars/primary/events"
RANGE = {"timeMin": "2026-11-23T00:00:00+03:00", "timeMax": "2026-11-30T00:00:00+03:00", "singleEvents": "true"}


def reason(answer):
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


@pytest.fixture(scope="module")
def process():
    with Google() as google:
        yield google


@pytest.fixture
def google(process):
    process.reset()
    return process


@pytest.fixture
def http(google):
    with httpx.Client(base_url=google.address) as client:
        yield client


@pytest.fixture
def asked(google):
    return {
        "client_id": google.settings["GOOGLE_CLIENT_ID"],
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": f"openid email profile {CALENDAR_SCOPE}",
        "state": "s",
        "access_type": "offline",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }


@pytest.fixture
def code(http, asked):
    form = {**asked, "account": "anna.k@example.com", "allowed": CALENDAR_SCOPE, "decision": "allow"}
    back = parse_qs(urlsplit(http.post("/o/oauth2/v2/auth", data=form).headers["location"]).query)
    assert back["state"] == ["s"]
    return back["code"][0]


@pytest.fixture
def exchange(http, google):
    def post(**form):
        app = {
            "client_id": google.settings["GOOGLE_CLIENT_ID"],
            "client_secret": google.settings["GOOGLE_CLIENT_SECRET"],
        }
        return http.post("/token", data={**app, **form})

    return post


@pytest.fixture
def tokens(exchange, code):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return exchange(**form).json()


@pytest.fixture
def ask(http, tokens):
    def get(path=EVENTS, headers=None, **params):
        headers = {"Authorization": f"Bearer {tokens['access_token']}", **(headers or {})}
        return http.get(path, params=RANGE | params, headers=headers)

    return get
