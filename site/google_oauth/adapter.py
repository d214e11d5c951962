import logging
from typing import Any

import requests
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.adapter import admitted
from accounts.models import User
from google_oauth import conf

logger = logging.getLogger(__name__)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _("Учётная запись с этой почтой уже есть. Войдите в неё паролем и подключите там %s."),
        "no_password": _("Это единственный способ входа. Сначала задайте пароль, потом отключайте Google."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one of the operator's settings: a secret in a table would lie there in plain text."""
        if not conf.is_configured() or provider not in (None, "google"):
            return []
        if client_id not in (None, settings.GOOGLE_CLIENT_ID):
            return []
        app = {"client_id": settings.GOOGLE_CLIENT_ID, "secret": settings.GOOGLE_CLIENT_SECRET}
        return [SocialApp(provider="google", name="Google", **app)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        # From here on it could only get into a session, see `provider.Grant`.
        sociallogin.token = None

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new account, by the same rules as one with a password."""
        try:
            with transaction.atomic():
                if form:
                    return super().save_user(request, sociallogin, form)
                with admitted(request, sociallogin.user):
                    return super().save_user(request, sociallogin)
        except IntegrityError as error:
            # The same sign-up in two tabs: the other one has made the account.
            raise PermissionDenied from error

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        """The address is not among it: that somebody else has it is why the form is shown."""
        username = get_account_adapter().generate_unique_username(
            [sociallogin.user.first_name, sociallogin.user.email, "user"]
        )
        return {"username": username, "email": ""}

    def get_requests_session(self) -> requests.Session:
        session = super().get_requests_session()
        session.trust_env = False
        if settings.GOOGLE_PROXY:
            session.proxies = {"https": settings.GOOGLE_PROXY, "http": settings.GOOGLE_PROXY}
        return session

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        # The exception's text may quote a whole answer of Google's, tokens and all.
        logger.warning("Signing in with Google failed: %s %s", error, type(exception).__name__ if exception else "")
