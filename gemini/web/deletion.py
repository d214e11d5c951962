from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from gemini.access import message_for, session_for
from gemini.exceptions import ReplyInProgress
from gemini.service import Deletion, GeminiService
from gemini.web.dom import dom_id
from gemini.web.order import gone, short
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.returning import back_of, lead
from gemini.web.undo import flash_undo, restoring


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_session(request: PageRequest, session_id: int) -> HttpResponse:
    session = session_for(request.user, session_id)
    if request.method != "POST":
        template = "gemini/chat/_delete.html" if request.htmx else "gemini/chat/delete.html"
        return render(request, template, {"session": session})
    undo = restoring(GeminiService(request.user, INTERFACE).delete(session).moment)
    sentence = _("Чат «%(title)s» удалён.")
    if request.htmx.target == dom_id(session):
        return gone(request, session, sentence, undo)
    flash_undo(request, sentence % {"title": short(session.title)}, undo)
    back = back_of(request)
    # There is no page of a chat that is in the trash.
    return lead(request, reverse("gemini:dashboard") if back.startswith(session.get_absolute_url()) else back)


@require_POST
@login_required
def delete_message(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    try:
        deletion = GeminiService(request.user, INTERFACE).delete_message(message)
    except ReplyInProgress as refusal:
        return refused(request, refusal, message.session.get_absolute_url())
    context = {"message": message, "text": _("Сообщение удалено.")}
    return deleted(request, context, deletion, message.session.get_absolute_url())


@require_POST
@login_required
def clear_session(request: PageRequest, session_id: int) -> HttpResponse:
    session = session_for(request.user, session_id)
    try:
        deletion = GeminiService(request.user, INTERFACE).clear_history(session)
    except ReplyInProgress as refusal:
        return refused(request, refusal, session.get_absolute_url())
    return deleted(request, {"text": _("История чата очищена.")}, deletion, session.get_absolute_url())


def deleted(request: PageRequest, context: dict[str, Any], deletion: Deletion, page: str) -> HttpResponse:
    undo = restoring(deletion.moment)
    if request.htmx:
        return render(request, "gemini/messages/_gone.html", {**context, "undo": undo, "back": page})
    flash_undo(request, context["text"], undo)
    return lead(request, page)


def refused(request: PageRequest, refusal: ReplyInProgress, page: str) -> HttpResponse:
    """Said in passing: what was to be deleted stays where it is."""
    if not request.htmx:
        flash.warning(request, refusal.message)
        return lead(request, page)
    response = render(request, "gemini/_toast.html", {"text": refusal.message}, status=409)
    return reswap(retarget(response, "#toasts"), "innerHTML")
