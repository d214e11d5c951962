"""Attaching data to a message by hand: a source is chosen, a small form filled in, and the composer carries the result.

Each step answers with the composer's part of the page, or, without JavaScript, with the whole page and the text in it.
"""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import replace_url

from gemini.access import session_for
from gemini.models import ChatSession
from gemini.sources import ContextBlock, UnknownSource, source_named
from gemini.sources.toolbox import MAX_ATTACHED
from gemini.web.attached import as_text
from gemini.web.chat_page import chat_page
from gemini.web.forms import MessageForm, fresh_key, put_caret
from gemini.web.requests import PageRequest
from gemini.web.source_form import SourceForm

# Bytes of a URL that every server and proxy lets through.
LONGEST_URL = 2_000


@require_POST
@login_required
def attach(request: PageRequest, session_id: int | None = None) -> HttpResponse:
    """With `pick` the form of a source, with `add` the data that it asks for; with neither the list of sources."""
    session = session_for(request.user, session_id) if session_id is not None else None
    blocks = MessageForm(request.POST).attached
    picked, added = request.POST.get("pick", ""), request.POST.get("add", "")
    try:
        form = SourceForm(source_named(added or picked), request.POST if added else None) if added or picked else None
    except UnknownSource:
        return shown(request, session, blocks, None, status=422)
    if not (form and added):
        return shown(request, session, blocks, form)
    if not form.is_valid() or too_many(form, blocks):
        return shown(request, session, blocks, form, status=422)
    return shown(request, session, [*blocks, form.block], None)


def too_many(form: SourceForm, blocks: list[ContextBlock]) -> bool:
    if len(blocks) < MAX_ATTACHED:
        return False
    form.add_error(None, _("К одному сообщению можно приложить не больше четырёх."))
    return True


def shown(
    request: PageRequest,
    session: ChatSession | None,
    blocks: list[ContextBlock],
    form: SourceForm | None,
    status: int = 200,
) -> HttpResponse:
    texts = [as_text(block) for block in blocks]
    if form:
        put_caret(form)
    initial = {
        "idempotency_key": request.POST.get("idempotency_key") or fresh_key(),
        "content": request.POST.get("content", ""),
        "context": texts,
    }
    composer = MessageForm(initial=initial)
    if not request.htmx:
        return chat_page(request, session, composer, status=status, attaching=form)
    added = "add" in request.POST and form is None
    context = {"session": session, "composer": composer, "attaching": form, "just_attached": added}
    response = render(request, "gemini/messages/_attach.html", context, status=status)
    # A reload of the page brings back what was chosen.
    address = address_with(session, texts)
    return replace_url(response, address) if len(address) <= LONGEST_URL else response


def address_with(session: ChatSession | None, texts: list[str]) -> str:
    page = session.get_absolute_url() if session else reverse("gemini:chat-create")
    return f"{page}?{urlencode({'context': texts}, doseq=True)}" if texts else page
