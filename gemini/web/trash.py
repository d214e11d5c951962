from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gemini import trash
from gemini.models import ChatMessage, ChatSession
from gemini.service import GeminiService, Restored
from gemini.web.dom import dom_id
from gemini.web.order import row, session_list, short
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.returning import back_of, lead
from gemini.web.undo import moment_of

ROWS_ON_PAGE = 50


@require_GET
@login_required
def trash_page(request: PageRequest) -> HttpResponse:
    sessions = ChatSession.objects.in_trash_of(request.user).order_by("-deleted_at", "-pk")
    acts = ChatMessage.objects.in_trash_of(request.user).acts()
    sessions_page = Paginator(sessions, ROWS_ON_PAGE).get_page(request.GET.get("page"))
    acts_page = Paginator(acts, ROWS_ON_PAGE).get_page(request.GET.get("messages"))
    acts_page.object_list = list(acts_page.object_list)
    ChatMessage.objects.give_excerpts(acts_page.object_list)
    return render(request, "gemini/trash/page.html", {"sessions": sessions_page, "acts": acts_page})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form of the trash speaks of: one session, all that one act deleted, or everything."""

    session: int | None = None
    moment: datetime | None = None
    everything: bool = False

    @classmethod
    def read(cls, asked: Any) -> "Chosen":
        session = asked.get("session", "")
        return cls(
            int(session) if session.isascii() and session.isdecimal() and len(session) < 19 else None,
            moment_of(asked.get("moment", "")),
            asked.get("everything") == "1",
        )


@require_POST
@login_required
def restore(request: PageRequest) -> HttpResponse:
    service, chosen = GeminiService(request.user, INTERFACE), Chosen.read(request.POST)
    if chosen.session is not None:
        restored = Restored([service.restore_session(chosen.session)])
    else:
        restored = service.restore(chosen.moment) if chosen.moment else Restored()
    return in_its_place(request, restored) or told(request, restored)


def in_its_place(request: PageRequest, restored: Restored) -> HttpResponse | None:
    """What was deleted, where it was; None when the page has no place for it."""
    target = request.htmx.target
    if target and not restored:
        raise Http404
    if target == "sessions":
        return session_list(request, _("Чаты возвращены."))
    for session in restored.sessions:
        if target == dom_id(session):
            return row(request, session)
    for message in restored.messages:
        if target == dom_id(message):
            return render(request, "gemini/messages/_message.html", {"message": message, "session": message.session})
    return None


def told(request: PageRequest, restored: Restored) -> HttpResponse:
    if not restored:
        flash.warning(request, _("Вернуть уже нечего."))
    elif restored.messages:
        flash.success(request, _("Сообщения возвращены."))
    elif len(restored.sessions) > 1:
        flash.success(request, _("Чаты возвращены."))
    else:
        flash.success(request, _("Чат «%(title)s» возвращён.") % {"title": short(restored.sessions[0].title)})
    return lead(request, back_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def purge(request: PageRequest) -> HttpResponse:
    """Asks, for this cannot be undone; then deletes for good."""
    chosen = Chosen.read(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        titled = ChatSession.objects.in_trash_of(request.user).filter(pk=chosen.session or 0).first()
        return render(request, "gemini/trash/purge.html", {"chosen": chosen, "session": titled})
    if chosen.everything:
        trash.empty(request.user)
    elif chosen.session is not None:
        trash.purge_session(request.user, chosen.session)
    elif chosen.moment:
        trash.purge_act(request.user, chosen.moment)
    flash.success(request, _("Удалено навсегда."))
    return redirect("gemini:trash")
