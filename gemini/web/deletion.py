from urllib.parse import urlsplit

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from gemini.access import session_for
from gemini.service import GeminiService
from gemini.web.requests import INTERFACE, PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_session(request: PageRequest, session_id: int) -> HttpResponse:
    session = session_for(request.user, session_id)
    if request.method != "POST":
        template = "gemini/chat/_delete.html" if request.htmx else "gemini/chat/delete.html"
        return render(request, template, {"session": session})
    page = session.get_absolute_url()
    GeminiService(request.user, INTERFACE).delete(session)
    if request.htmx and urlsplit(request.htmx.current_url or "").path != page:
        # Nothing comes in the place of its row.
        return HttpResponse()
    flash.success(request, _("Чат «%(title)s» удалён.") % {"title": session.title})
    return HttpResponseClientRedirect(reverse("gemini:dashboard")) if request.htmx else redirect("gemini:dashboard")
