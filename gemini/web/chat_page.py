from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from gemini.exceptions import GeminiError
from gemini.models import ChatMessage, ChatSession
from gemini.web.conversation import Window, id_in, window_for
from gemini.web.forms import MessageForm
from gemini.web.requests import PageRequest
from gemini.web.sidebar import sidebar
from gemini.web.source_form import SourceForm


def chat_page(
    request: PageRequest,
    session: ChatSession | None,
    composer: MessageForm,
    status: int = 200,
    refusal: GeminiError | None = None,
    attaching: SourceForm | None = None,
) -> HttpResponse:
    window = window_for(session, request.GET) if session else Window()
    context: dict[str, Any] = {
        "session": session,
        "window": window,
        "elsewhere": message_elsewhere(request, session, window),
        "composer": composer,
        "refusal": refusal,
        "attaching": attaching,
        # Without JavaScript the page then reloads itself, which must not take a refused text along.
        "answering": not composer.is_bound
        and request.method != "POST"
        and any(message.is_generating for message in window.messages),
        "recent": sidebar(request.user, session),
    }
    return render(request, "gemini/chat/page.html", context, status=status)


def more_messages(request: PageRequest, session: ChatSession) -> HttpResponse:
    """The messages at one end of a window, in the place of the link to them."""
    window = window_for(session, request.GET)
    if "before" in request.GET:
        window.newer_than = None
    else:
        window.older_than = None
    return render(request, "gemini/messages/_messages.html", {"session": session, "window": window})


def message_elsewhere(request: PageRequest, session: ChatSession | None, window: Window) -> ChatMessage | None:
    """The message that was asked for and is there, but on another branch than the one shown."""
    asked = id_in(request.GET, "message")
    if asked is None or session is None or any(message.pk == asked for message in window.messages):
        return None
    return session.messages.existing().filter(pk=asked).first()
