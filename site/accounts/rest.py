"""Signing in without a browser: with the key of a session, and without a cookie."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sessions
from accounts.forms import LoginForm
from accounts.models import User
from accounts.session_store import SessionStore
from gemini import throttling
from gemini.exceptions import InvalidCredentials

TAG = "Вход"
MISSING: dict[str, Any] = {"required": "Это поле обязательно для заполнения."}


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=254, error_messages=MISSING, help_text="Имя пользователя или e-mail")
    password = serializers.CharField(max_length=4096, error_messages=MISSING, trim_whitespace=False)


class SessionKeySerializer(serializers.Serializer[Any]):
    session_id = serializers.CharField(help_text="Для заголовка `Authorization: Session <session_id>`")
    expires_at = serializers.DateTimeField(default_timezone=datetime.UTC)


class SessionView(APIView):
    """POST makes a session from a user's name and password, DELETE ends the session of the call itself."""

    http_method_names = ["post", "delete"]
    serializer_class = CredentialsSerializer

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Whoever signs in has no session yet: neither a cookie nor an old key is looked at.
        signing_in = self.request is not None and self.request.method == "POST"
        return [] if signing_in else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated()]

    @extend_schema(tags=[TAG], summary="Ключ сессии по имени и паролю", auth=[], responses={201: SessionKeySerializer})
    def post(self, request: Request) -> Response:
        serializer = CredentialsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        session = new_session(user_with(request, **serializer.validated_data), request._request)
        answer = {"session_id": session.session_key, "expires_at": session.get_expiry_date()}
        return Response(SessionKeySerializer(answer).data, status=status.HTTP_201_CREATED)

    @extend_schema(tags=[TAG], summary="Завершение сессии, чьим ключом вызвано", responses={204: None})
    def delete(self, request: Request) -> Response:
        session: Any = request.auth
        if session is request._request.session:
            auth.logout(request._request)
        else:
            session.flush()
        return Response(status=status.HTTP_204_NO_CONTENT)


def user_with(request: Request, username: str, password: str) -> User:
    """By the rules and limits of the login form. Raises `InvalidCredentials` and `RateLimited`."""
    throttling.consume("sign_in", throttling.address_of(request._request))
    form = LoginForm({"login": username, "password": password}, request=request._request)
    # allauth leaves it to its login page to send an inactive account away.
    if form.is_valid() and form.user.is_active:
        return form.user
    raise InvalidCredentials


def new_session(user: User, request: HttpRequest | None = None) -> SessionStore:
    """A session without a browser; the request is the one that asks for it, and says from where."""
    session = SessionStore()
    session.sign_in()
    session[auth.SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    sessions.begin(request or HttpRequest(), user, str(session.session_key), is_api=True)
    auth.user_logged_in.send(sender=type(user), request=None, user=user)
    return session
