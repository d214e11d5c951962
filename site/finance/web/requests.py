from typing import Any

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

INTERFACE = "finance"


class PageRequest(HttpRequest):
    """What our views receive: a person who is signed in, and whether htmx asks."""

    user: AbstractUser  # type: ignore[assignment]
    htmx: HtmxDetails


def page_or_part(
    request: PageRequest, page: str, parts: dict[str, str], context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page, or, when htmx asks for one of its parts (id → template), that part alone."""
    part = parts.get(request.htmx.target or "") if request.htmx else None
    response = render(request, part or page, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response
