from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from gemini.access import session_for
from gemini.web.chat_page import chat_page, more_messages
from gemini.web.finding import Findings
from gemini.web.listing import Listing, SessionPage
from gemini.web.messages import send_first
from gemini.web.prompts import prefilled_composer
from gemini.web.requests import PageRequest

# What htmx asks for, by the id of the element that it goes into.
FRAGMENTS = {"sessions": "gemini/dashboard/_sessions.html", "more": "gemini/dashboard/_rows.html"}


@require_GET
@login_required
def gemini_dashboard(request: PageRequest) -> HttpResponse:
    listing = Listing.read(request.GET)
    target = request.htmx.target if request.htmx else None
    template = FRAGMENTS.get(target or "", "gemini/dashboard/page.html")
    response = render(request, template, dashboard_context(request, listing))
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return push_url(response, listing.url) if target == "sessions" else response


def dashboard_context(request: PageRequest, listing: Listing) -> dict[str, Any]:
    if listing.text:
        return {"listing": listing, "found": Findings(request.user, listing)}
    return {"listing": listing, "page": SessionPage(request.user, listing)}


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@login_required
def chat_session(request: PageRequest, session_id: int | None = None) -> HttpResponse:
    """A conversation; without an id an empty one, which the first message makes."""
    session = session_for(request.user, session_id) if session_id is not None else None
    if request.method == "POST":
        return redirect(session) if session else send_first(request)
    if session and request.htmx and ("before" in request.GET or "after" in request.GET):
        return more_messages(request, session)
    return chat_page(request, session, prefilled_composer(request))
