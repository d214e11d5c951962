"""Words for the next page, such as "Saved.": a cookie carries them, as it does for those who are not signed in.

A session would be written twice for each, and begun for whoever has none.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookie(CookieStorage):
    cookie_name = "__Host-messages" if settings.OVER_HTTPS else "messages"


class Flashes(FallbackStorage):
    """What is too long for a cookie goes into the session."""

    storage_classes = (Cookie, SessionStorage)
