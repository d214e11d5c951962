"""The one exception that the Content-Security-Policy makes for Google."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from google_oauth import conf

View = Callable[..., HttpResponse]


def leads_to_google(view: View) -> View:
    """For a page with a form whose answer is a redirect to Google: Chromium holds `form-action` against that, too."""

    @wraps(view)
    def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if conf.is_configured():
            response._csp_update = {"form-action": [conf.consent_origin()]}  # type: ignore[attr-defined]
        return response

    return allowed
