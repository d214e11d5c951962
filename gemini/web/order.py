"""Pins, the archive, and what is done to several sessions at once."""

from urllib.parse import urlsplit

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gemini import strangers
from gemini.access import session_for
from gemini.models import ChatSession
from gemini.service import GeminiService
from gemini.web.chats import dashboard_context
from gemini.web.dom import dom_id
from gemini.web.listing import Listing
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.returning import back_of, lead
from gemini.web.sidebar import sidebar
from gemini.web.undo import Undo, flash_undo, restoring


@require_POST
@login_required
def pin_session(request: PageRequest, session_id: int, pinned: bool = True) -> HttpResponse:
    session = session_for(request.user, session_id)
    GeminiService(request.user, INTERFACE).pin(session, pinned=pinned)
    return session_list(request, moved=session) or actions(request, session)


@require_POST
@login_required
def archive_session(request: PageRequest, session_id: int, active: bool = False) -> HttpResponse:
    session = session_for(request.user, session_id)
    GeminiService(request.user, INTERFACE).archive([session], active=active)
    session.is_active = active
    if request.htmx.target != dom_id(session):
        return actions(request, session)
    if "undo" in request.POST:
        return row(request, session)
    sentence = _("Чат «%(title)s» возвращён из архива.") if active else _("Чат «%(title)s» теперь в архиве.")
    opposite = "gemini:session-archive" if active else "gemini:session-unarchive"
    return gone(request, session, sentence, Undo(reverse(opposite, args=[session.pk]), "undo", "1"))


@require_POST
@login_required
def change_sessions(request: PageRequest) -> HttpResponse:
    """Deletes, archives or unarchives those that are selected; `undo` names an action with its sessions itself."""
    action, *chosen = request.POST.get("undo", "").split() or [
        request.POST.get("action", ""),
        *request.POST.getlist("selected"),
    ]
    ids = [int(pk) for pk in chosen if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    sessions = list(ChatSession.objects.for_user(request.user).filter(pk__in=ids))
    if len(sessions) < len(set(ids)):
        strangers.note(request.user, ChatSession.objects.exclude(user=request.user.pk).filter(pk__in=ids))
    text, undo = changed(request, action, sessions) if sessions else (_("Ни один чат не выбран."), None)
    if listed := session_list(request, text, None if "undo" in request.POST else undo):
        return listed
    if undo and "undo" not in request.POST:
        flash_undo(request, text, undo)
    else:
        flash.info(request, text)
    return lead(request, back_of(request))


def changed(request: PageRequest, action: str, sessions: list[ChatSession]) -> tuple[str, Undo | None]:
    service, count = GeminiService(request.user, INTERFACE), len(sessions)
    if action == "delete":
        deletion = service.delete_many(session.pk for session in sessions)
        text = ngettext("Удалён %(count)s чат.", "Удалено %(count)s чатов.", deletion.count)
        return text % {"count": deletion.count}, restoring(deletion.moment)
    if action not in ("archive", "unarchive"):
        return _("Такого действия нет."), None
    active = action == "unarchive"
    service.archive(sessions, active=active)
    ids = " ".join(str(session.pk) for session in sessions)
    opposite = f"{'archive' if active else 'unarchive'} {ids}"
    if active:
        text = ngettext("%(count)s чат возвращён из архива.", "%(count)s чатов возвращены из архива.", count)
    else:
        text = ngettext("%(count)s чат теперь в архиве.", "%(count)s чатов теперь в архиве.", count)
    return text % {"count": count}, Undo(reverse("gemini:sessions-change"), "undo", opposite)


def session_list(
    request: PageRequest, text: str = "", undo: Undo | None = None, moved: ChatSession | None = None
) -> HttpResponse | None:
    """The list as the page that asks shows it, with the news above it; None when it is not asked for."""
    if request.htmx.target != "sessions":
        return None
    listing = Listing.read(QueryDict(urlsplit(request.htmx.current_url or "").query))
    context = {**dashboard_context(request, listing.first), "notice": text, "undo": undo, "moved": moved}
    return render(request, "gemini/dashboard/_sessions.html", context)


def short(title: str) -> str:
    """A title within a sentence."""
    return Truncator(title).chars(60)


def row(request: PageRequest, session: ChatSession) -> HttpResponse:
    counted = ChatSession.objects.with_messages_count().get(pk=session.pk)
    return render(request, "gemini/dashboard/_session.html", {"session": counted, "moved": counted})


def gone(request: PageRequest, session: ChatSession, sentence: str, undo: Undo) -> HttpResponse:
    """What stands in the place of a row that left the list."""
    context = {"session": session, "text": sentence % {"title": short(session.title)}, "undo": undo}
    return render(request, "gemini/dashboard/_gone.html", context)


def actions(request: PageRequest, session: ChatSession) -> HttpResponse:
    """The open chat's menu, and its place in the sidebar; without htmx the page that was open."""
    if request.htmx.target != dom_id(session, "actions"):
        return lead(request, back_of(request))
    context = {"session": session, "recent": sidebar(request.user, session), "changed": True}
    return render(request, "gemini/chat/_actions.html", context)
