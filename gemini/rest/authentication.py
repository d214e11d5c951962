from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from gemini.authentication import SCHEME, caller_of


class SessionKeyAuthentication(BaseAuthentication):
    """The core's rule for DRF; `request.auth` is the session that the caller is signed in with."""

    def authenticate(self, request: Request) -> tuple[Any, SessionBase] | None:
        caller = caller_of(request._request)
        return (caller.user, caller.session) if caller else None

    def authenticate_header(self, request: Request) -> str:
        return SCHEME
