"""Who came in, who tried to, and who left: a line of the log each, by which an attack can be seen and followed.

No name is written that was typed and opened nothing: it may be a password in the wrong field.
"""

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from gemini.throttling import address_of

logger = logging.getLogger(__name__)


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    logger.info("User %s signed in from %s", user.pk, where(request))


@receiver(user_login_failed)
def refused(sender: Any, request: HttpRequest | None = None, **_: Any) -> None:
    logger.warning("A sign-in was refused from %s", where(request))


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    if user is not None:
        logger.info("User %s signed out from %s", user.pk, where(request))


def where(request: HttpRequest | None) -> str:
    """A key of the API is made without a request of its own."""
    return address_of(request) if request else "the API"
