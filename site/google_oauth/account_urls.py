"""Of allauth's pages for Google those that can be reached, each in our own look."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount import views
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from google_oauth import conf
from google_oauth.policy import leads_to_google
from google_oauth.provider import GoogleAdapter


def configured(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not conf.is_configured():
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(checked)


urlpatterns = [
    path(
        "google/login/",
        leads_to_google(configured(OAuth2LoginView.adapter_view(GoogleAdapter))),
        name="google_login",
    ),
    path("google/login/callback/", configured(OAuth2CallbackView.adapter_view(GoogleAdapter)), name="google_callback"),
    path("3rdparty/", leads_to_google(views.connections), name="socialaccount_connections"),
    path("3rdparty/login/cancelled/", views.login_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", views.login_error, name="socialaccount_login_error"),
    path("3rdparty/signup/", views.signup, name="socialaccount_signup"),
]
