"""allauth's Google, with our addresses, what was granted, and no scope from a link."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.google.provider import GoogleProvider
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Grant:
    """What Google gave. It never becomes part of a session: allauth puts a pending sign-up there in plain text."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime | None
    scopes: frozenset[str]


class GoogleAdapter(GoogleOAuth2Adapter):
    """allauth reads the addresses when it is imported; demo mode knows them only once its stand-in has started."""

    @property
    def authorize_url(self) -> str:
        return settings.GOOGLE_AUTHORIZE_URL

    @property
    def access_token_url(self) -> str:
        return settings.GOOGLE_TOKEN_URL

    @property
    def identity_url(self) -> str:
        return settings.GOOGLE_USERINFO_URL

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where Google sends the browser back to; on loopback by the name that the browser knows this machine by."""
        if settings.IN_DEVELOPMENT:
            return super().get_callback_url(request, app)
        return settings.SITE_URL + reverse("google_callback")

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """It comes from Google itself over TLS, in answer to our secret: OpenID Connect asks for no signature then."""
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url="",
            issuer=settings.GOOGLE_ISSUER,
            audience=app.client_id,
            lookup_kid=None,
            verify_signature=False,
        )

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        login = super().complete_login(request, app, token, **kwargs)
        # What was granted, not what was asked for: the user may have unticked a scope.
        scopes = frozenset((kwargs["response"].get("scope") or "").split())
        login.grant = Grant(token.token, token.token_secret or "", token.expires_at, scopes)
        return login


class Provider(GoogleProvider):
    oauth2_adapter_class = GoogleAdapter

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return self.get_auth_params()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """No more than is shown: who it is."""
        return {name: data[name] for name in ("email", "name") if name in data}


provider_classes = [Provider]
