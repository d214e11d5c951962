"""Where a person who did something is led back to."""

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect

from gemini.web.requests import PageRequest


def back_of(request: PageRequest, otherwise: str = "") -> str:
    """The page that was open, when it is one of ours; `back` in a form says which."""
    shown = request.htmx.current_url_abs_path if request.htmx else request.POST.get("back")
    url = urlsplit(shown or "")
    try:
        known = not url.netloc and not url.scheme and resolve(url.path).app_name == "gemini"
    except Resolver404:
        known = False
    if not known:
        return otherwise or reverse("gemini:dashboard")
    return f"{url.path}?{url.query}" if url.query else url.path


def lead(request: PageRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)
