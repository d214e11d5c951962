"""The stand-in keeps Google's protocol: what a site may do wrong is refused here as it would be there."""

import pytest
from allauth.socialaccount.internal import jwtkit

from google_oauth.conf import CALENDAR_SCOPE
from tests.emulators.google import CALLBACK, VERIFIER, reason


def test_the_page_says_that_it_is_an_emulator(http, asked):
    page = http.get("/o/oauth2/v2/auth", params=asked).text
    assert "Это эмулятор Google." in page
    assert "Просматривать события" in page


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "another"}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/accounts/google/login/callback/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost:8000/elsewhere/"}, "redirect_uri_mismatch"),
        ({"response_type": "token"}, "invalid_request"),
        ({"scope": "email"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_refused_on_the_page_and_led_nowhere(http, asked, change, code):
    for answer in (
        http.get("/o/oauth2/v2/auth", params=asked | change),
        http.post("/o/oauth2/v2/auth", data=asked | change | {"decision": "allow"}),
    ):
        assert answer.status_code == 400
        assert code in answer.text


def test_a_code_brings_what_google_brings(tokens):
    assert set(tokens) == {"access_token", "expires_in", "refresh_token", "scope", "token_type", "id_token"}
    assert CALENDAR_SCOPE in tokens["scope"].split()
    assert "https://www.googleapis.com/auth/userinfo.email" in tokens["scope"].split()


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost:9/accounts/google/login/callback/"}, 400, "redirect_uri_mismatch"),
        ({"code": "4/0nonsense"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_is_refused(exchange, code, change, status, error):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    answer = exchange(**form | change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_code_is_good_for_one_time(exchange, code, tokens):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    assert exchange(**form).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("path", "lookup"),
    [("/oauth2/v1/certs", jwtkit.lookup_kid_pem_x509_certificate), ("/oauth2/v3/certs", jwtkit.lookup_kid_jwk)],
)
def test_the_id_token_is_signed_as_allauth_verifies_it(tokens, google, path, lookup):
    claims = jwtkit.verify_and_decode(
        credential=tokens["id_token"],
        keys_url=google.address + path,
        issuer=google.settings["GOOGLE_ISSUER"],
        audience=google.settings["GOOGLE_CLIENT_ID"],
        lookup_kid=lookup,
    )
    assert (claims["email"], claims["email_verified"]) == ("anna.k@example.com", True)
    assert not claims["sub"].isdigit(), "no real account of Google's can be meant"


def test_userinfo_is_for_whoever_has_a_token(http, tokens):
    answer = http.get("/oauth2/v2/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert (answer["email"], answer["verified_email"]) == ("anna.k@example.com", True)
    assert http.get("/oauth2/v2/userinfo").status_code == 401


def test_a_withdrawn_permission_ends_all_of_its_tokens(http, exchange, tokens, ask):
    assert http.post("/revoke", data={"token": tokens["refresh_token"]}).status_code == 200
    refused = exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert reason(ask()) == (401, "authError")
    assert http.post("/revoke", data={"token": tokens["refresh_token"]}).json()["error"] == "invalid_token"


def test_an_access_token_ends(google, exchange, tokens, ask):
    google.control(lifetime=-1)
    short = exchange(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()["access_token"]
    assert reason(ask(headers={"Authorization": f"Bearer {short}"})) == (401, "authError")
