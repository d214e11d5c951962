from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from gemini import replies
from gemini.models import ChatSession
from gemini.web.forms import MessageForm
from gemini.web.requests import PageRequest

SESSIONS_IN_SIDEBAR = 30
MESSAGES_ON_PAGE = 50


def chat_page(
    request: PageRequest, session: ChatSession | None, composer: MessageForm, status: int = 200
) -> HttpResponse:
    before = request.GET.get("before", "")
    messages = (
        session.messages.shown().page_before(int(before) if before.isdecimal() else None, MESSAGES_ON_PAGE)
        if session
        else []
    )
    context: dict[str, Any] = {
        "session": session,
        "chat_messages": [replies.freshen(message) for message in messages],
        "composer": composer,
        "answering": any(message.is_generating for message in messages),
        "older_than": messages[0].pk if len(messages) == MESSAGES_ON_PAGE else None,
        "recent_sessions": sidebar_sessions(request, session),
    }
    return render(request, "gemini/chat/page.html", context, status=status)


def sidebar_sessions(request: PageRequest, current: ChatSession | None) -> list[ChatSession]:
    """The newest sessions, and the open one in any case: its new title has to find its place."""
    newest = list(ChatSession.objects.for_user(request.user).active().newest_first()[:SESSIONS_IN_SIDEBAR])
    return newest if current is None or current in newest else [*newest, current]
