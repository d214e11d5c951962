from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gemini.access import session_for
from gemini.models import ChatSession
from gemini.web.chat_page import chat_page
from gemini.web.forms import MessageForm
from gemini.web.messages import send_first
from gemini.web.requests import PageRequest

SESSIONS_ON_DASHBOARD = 30


@require_GET
@login_required
def gemini_dashboard(request: PageRequest) -> HttpResponse:
    sessions = ChatSession.objects.for_user(request.user).active().newest_first().with_messages_count()
    page = Paginator(sessions, SESSIONS_ON_DASHBOARD).get_page(request.GET.get("page"))
    return render(request, "gemini/dashboard/page.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def chat_session(request: PageRequest, session_id: int | None = None) -> HttpResponse:
    """A conversation; without an id an empty one, which the first message makes."""
    if request.method == "POST":
        return send_first(request) if session_id is None else redirect("gemini:chat", session_id)
    session = session_for(request.user, session_id) if session_id is not None else None
    return chat_page(request, session, MessageForm())
