import base64
import hashlib
import hmac
import re
import secrets
from typing import Any
from urllib.parse import urlencode

from emulators.google import consent, failures
from emulators.google.accounts import account
from emulators.google.calendar_side import CalendarSide
from emulators.google.tokens import ISSUER, Mint
from emulators.serving import HttpEmulator, Reply, Request

AUTHORIZE, TOKEN, REVOKE = "/o/oauth2/v2/auth", "/token", "/revoke"
USERINFO, CALENDAR = "/oauth2/v2/userinfo", "/calendar/v3"
# What an operator registers at Google for this site, on any loopback port.
CALLBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1)(?::\d+)?/accounts/google/login/callback/")
# Google's names for what is asked for by a short one.
LONG_NAMES = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
CODE_SECONDS = 600


class GoogleEmulator(HttpEmulator):
    """Settings from its control address: `at`, the beginning of the paths that fail (all but the consent page),
    `lifetime` of access tokens in seconds, `rotate`, whether a refresh token is good for one use, and
    `revoke`, an address whose permissions the person withdraws at Google.
    """

    def __init__(self, client_id: str = "emulated-client", client_secret: str = "", secret: str = "") -> None:
        super().__init__()
        self.client_id = client_id
        self.client_secret = client_secret or secrets.token_urlsafe(24)
        self.mint = Mint(secret or secrets.token_urlsafe(24))
        self.calendar = CalendarSide(self.mint)
        self.at, self.rotate = "", False
        # Which permissions are whose.
        self.grants: dict[str, str] = {}

    @property
    def settings(self) -> dict[str, str]:
        """What makes a site talk to this instead of Google."""
        return {
            "GOOGLE_CLIENT_ID": self.client_id,
            "GOOGLE_CLIENT_SECRET": self.client_secret,
            "GOOGLE_AUTHORIZE_URL": self.address + AUTHORIZE,
            "GOOGLE_TOKEN_URL": self.address + TOKEN,
            "GOOGLE_USERINFO_URL": self.address + USERINFO,
            "GOOGLE_REVOKE_URL": self.address + REVOKE,
            "GOOGLE_CALENDAR_URL": self.address + CALENDAR,
            "GOOGLE_ISSUER": ISSUER,
        }

    def configure(self, settings: dict[str, Any]) -> None:
        self.at = settings.get("at", "")
        self.rotate = settings.get("rotate", False)
        self.mint.lifetime = settings.get("lifetime", 3_599)
        if email := settings.get("revoke"):
            self.mint.dead |= {grant for grant, whose in self.grants.items() if whose == email}

    def failed(self, kind: str, reply: Reply) -> Reply:
        return failures.KINDS[kind]() if kind in failures.KINDS else super().failed(kind, reply)

    def _replied(self, request: Request) -> Reply:
        spared = not request.path.startswith(self.at) if self.at else request.path in (AUTHORIZE, "/emulator.css")
        return self.answer(request) if spared else super()._replied(request)

    def answer(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", "/emulator.css":
                return Reply(consent.file("emulator.css"), content_type="text/css")
            case (("GET" | "POST"), "/o/oauth2/v2/auth"):
                return self.authorize(request)
            case "POST", "/token":
                return self.token(request)
            case "POST", "/revoke":
                return self.revoke(request)
            case "GET", "/oauth2/v1/certs":
                return Reply(self.mint.certificates())
            case "GET", "/oauth2/v3/certs":
                return Reply(self.mint.jwks())
            case "GET", "/oauth2/v2/userinfo":
                return self.userinfo(request)
            case "GET", path if path.startswith(CALENDAR):
                return self.calendar.answer(request, path.removeprefix(CALENDAR))
        return failures.refusal(404, "notFound", "Not Found")

    def authorize(self, request: Request) -> Reply:
        """The page, and what was chosen on it. What is wrong with the request is never told to the redirect address."""
        asked = dict(request.query) if request.method == "GET" else dict(request.form)
        scopes = asked.get("scope", "").split()
        if asked.get("client_id") != self.client_id:
            return refused("invalid_client", "Такого приложения нет.")
        if not CALLBACK.fullmatch(asked.get("redirect_uri", "")):
            return refused("redirect_uri_mismatch", "Этот адрес возврата у приложения не зарегистрирован.")
        if asked.get("response_type") != "code" or "openid" not in scopes:
            return refused("invalid_request", "Запрос на вход составлен неверно.")
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            return refused("invalid_request", "Поддерживается только S256.")
        if request.method == "GET":
            return Reply(consent.page(asked, scopes), headers=consent.HEADERS, content_type="text/html; charset=utf-8")
        state = {"state": asked["state"]} if "state" in asked else {}
        if asked.get("decision") != "allow":
            return redirect(asked["redirect_uri"], {"error": "access_denied", **state})
        return self.granted(request, asked, scopes, state)

    def granted(self, request: Request, asked: dict[str, str], scopes: list[str], state: dict[str, str]) -> Reply:
        allowed = set(request.form_all("allowed"))
        given = [LONG_NAMES.get(scope, scope) for scope in scopes if scope in consent.BASIC or scope in allowed]
        email = account(asked.get("account") or asked.get("other") or "anna.k@example.com").email
        code = self.mint.issue(
            "code",
            CODE_SECONDS,
            grant=secrets.token_hex(8),
            email=email,
            scopes=given,
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge", ""),
            nonce=asked.get("nonce", ""),
            offline=asked.get("access_type") == "offline",
        )
        return redirect(asked["redirect_uri"], {**state, "code": code, "scope": " ".join(given), "authuser": "0"})

    def token(self, request: Request) -> Reply:
        form = request.form
        known = form.get("client_id") == self.client_id
        if not known or not hmac.compare_digest(form.get("client_secret", ""), self.client_secret):
            return failures.oauth(401, "invalid_client", "Unauthorized")
        match form.get("grant_type"):
            case "authorization_code":
                return self.by_code(form)
            case "refresh_token":
                return self.by_refresh(form)
        return failures.oauth(400, "unsupported_grant_type", "Invalid grant_type")

    def by_code(self, form: Any) -> Reply:
        claims = self.mint.read("code", form.get("code", ""))
        if claims is None:
            return failures.oauth(400, "invalid_grant", "Bad Request")
        if form.get("redirect_uri") != claims["redirect_uri"]:
            return failures.oauth(400, "redirect_uri_mismatch", "Bad Request")
        if claims["challenge"] and challenge_of(form.get("code_verifier", "")) != claims["challenge"]:
            return failures.oauth(400, "invalid_grant", "Invalid code verifier.")
        self.mint.dead.add(claims["id"])
        body = self.access(claims["grant"], claims["email"], claims["scopes"])
        if claims["offline"]:
            body["refresh_token"] = self.refresh(claims)
        person = account(claims["email"])
        body["id_token"] = self.mint.id_token(person, self.client_id, body["access_token"], claims["nonce"])
        return Reply(body)

    def by_refresh(self, form: Any) -> Reply:
        claims = self.mint.read("refresh", form.get("refresh_token", ""))
        if claims is None:
            return failures.oauth(400, "invalid_grant", "Token has been expired or revoked.")
        body = self.access(claims["grant"], claims["email"], claims["scopes"])
        if self.rotate:
            self.mint.dead.add(claims["id"])
            body["refresh_token"] = self.refresh(claims)
        return Reply(body)

    def access(self, grant: str, email: str, scopes: list[str]) -> dict[str, Any]:
        token = self.mint.issue("access", self.mint.lifetime, grant=grant, email=email, scopes=scopes)
        return {
            "access_token": token,
            "expires_in": self.mint.lifetime,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }

    def refresh(self, claims: dict[str, Any]) -> str:
        self.grants[claims["grant"]] = claims["email"]
        return self.mint.issue("refresh", None, grant=claims["grant"], email=claims["email"], scopes=claims["scopes"])

    def revoke(self, request: Request) -> Reply:
        """Of either token; the whole permission ends with it."""
        token = request.form.get("token") or request.get("token")
        claims = self.mint.read("refresh", token) or self.mint.read("access", token)
        if claims is None:
            return failures.oauth(400, "invalid_token", "Token expired or revoked")
        self.mint.dead.add(claims["grant"])
        return Reply({})

    def userinfo(self, request: Request) -> Reply:
        claims = self.mint.read("access", request.headers.get("authorization", "").removeprefix("Bearer "))
        if claims is None:
            return failures.unauthorized()
        person = account(claims["email"])
        names = {"name": person.name, "given_name": person.given_name, "family_name": person.family_name}
        return Reply({"id": person.sub, "email": person.email, "verified_email": True, **names})


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def refused(code: str, words: str) -> Reply:
    page = consent.refusal(code, words)
    return Reply(page, 400, headers=consent.HEADERS, content_type="text/html; charset=utf-8")


def redirect(url: str, query: dict[str, str]) -> Reply:
    return Reply(b"", 302, {"Location": f"{url}?{urlencode(query)}", "Cache-Control": "no-store"})
