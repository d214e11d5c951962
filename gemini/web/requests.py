from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

INTERFACE = "pages"


class PageRequest(HttpRequest):
    """What our views receive: a person who is signed in, and whether htmx asks."""

    user: AbstractUser  # type: ignore[assignment]
    htmx: HtmxDetails
