"""What the operator has set up, read when it is needed: demo mode sets it while the server starts."""

from urllib.parse import urlsplit

from django.conf import settings

CALENDAR_SCOPE = "https://www.googleapis.com/auth/calendar.events.readonly"
# `offline` with `consent` is what makes Google give a refresh token each time, not only the first.
CALENDAR_PARAMS = {"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"}
# Hours of a working day, in the site's time zone.
WORKING_HOURS = (9, 18)


def is_configured() -> bool:
    return bool(settings.GOOGLE_CLIENT_ID and settings.GOOGLE_CLIENT_SECRET)


def is_emulated() -> bool:
    """Whether a stand-in on this machine answers for Google; settings allow that on a loopback site only."""
    return urlsplit(settings.GOOGLE_CALENDAR_URL).hostname in ("localhost", "127.0.0.1")


def consent_origin() -> str:
    """Where the browser is sent to ask for consent, as a source of a Content-Security-Policy."""
    url = urlsplit(settings.GOOGLE_AUTHORIZE_URL)
    return f"{url.scheme}://{url.netloc}"
