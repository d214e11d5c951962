"""Who calls an API: by the header `Authorization: Session <session key>`, or by the cookie together with a CSRF token.

A browser never adds the header by itself, so it needs no CSRF token; a cookie always does. The views are exempt from
Django's own check, which would answer before the caller is known: the check is made here, on the cookie's path.
"""

import copy
import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from gemini import throttling
from gemini.exceptions import CsrfFailed, Unauthorized

SCHEME = "Session"
SESSION_KEY = re.compile(r"[0-9a-z]{8,64}")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


@dataclass(frozen=True, slots=True)
class Caller:
    user: Any
    session: SessionBase
    by_cookie: bool


def caller_of(request: HttpRequest) -> Caller | None:
    """The caller, or None when nobody signed in calls; middleware finds it as `request.caller`.

    Raises `Unauthorized` for a session key that opens nothing (the cookie is then not looked at), `CsrfFailed` for a
    cookie that would change something without its token, `RateLimited` for one call too many.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    by_key = scheme.lower() == SCHEME.lower()
    try:
        caller = caller_by_key(key.strip()) if by_key else caller_by_cookie(request)
    except Unauthorized:
        count(request, None)
        raise
    request.caller = caller  # type: ignore[attr-defined]
    count(request, caller)
    return caller


def count(request: HttpRequest, caller: Caller | None) -> None:
    if caller:
        throttling.consume("api", caller.user.pk)
    else:
        throttling.consume("api_anonymous", throttling.address_of(request))


def caller_by_key(key: str) -> Caller:
    if not SESSION_KEY.fullmatch(key):
        raise Unauthorized
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    # Django verifies a session's user against a request: this one has nothing but the session.
    bare = HttpRequest()
    bare.session = session
    user = auth.get_user(bare)
    if not user.is_authenticated:
        raise Unauthorized
    return Caller(user, session, by_cookie=False)


def caller_by_cookie(request: HttpRequest) -> Caller | None:
    if not request.user.is_authenticated:
        return None
    if request.method not in SAFE_METHODS:
        check_csrf(request)
    return Caller(request.user, request.session, by_cookie=True)


class CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        raise CsrfFailed(reason)


def check_csrf(request: HttpRequest) -> None:
    """Takes the token from its header only: looking for a form field would read the body as a form."""
    asked = copy.copy(request)
    asked.method = "PUT"
    check = CsrfCheck(lambda _: None)  # type: ignore[arg-type]
    check.process_request(asked)
    check.process_view(asked, None, (), {})  # type: ignore[arg-type]
