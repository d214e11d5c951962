from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.db import close_old_connections, connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, replace_url

from gemini import replies, throttling, watching
from gemini.access import message_for, session_for
from gemini.exceptions import GeminiError, MessageNotFound, TooManyReplies
from gemini.models import ChatMessage, ChatSession
from gemini.service import Exchange, GeminiService
from gemini.web import sse
from gemini.web.chat_page import chat_page
from gemini.web.conversation import message_url
from gemini.web.forms import MessageForm
from gemini.web.requests import INTERFACE, PageRequest

# Refusals that are not the text's fault; htmx swaps 409 and 422, and shows a toast for 503.
STATUS_OF = {"reply_in_progress": 409, "shutting_down": 503, "storage_unavailable": 503}


@require_POST
@login_required
def create_message(request: PageRequest, session_id: int) -> HttpResponse:
    session = session_for(request.user, session_id)
    form = MessageForm(request.POST)
    exchange = sent(request, session, form)
    if isinstance(exchange, HttpResponse):
        return exchange
    if not request.htmx or "past" in request.POST or exchange.repeated:
        # What a page of older messages shows does not lead up to the new ones, and a page that lost the answer to the
        # same message does not show them at all.
        return to_chat(request, session)
    context = {"session": session, "user_message": exchange.user_message, "reply": exchange.reply}
    response = render(request, "gemini/messages/_exchange.html", context)
    # The address that kept the attached data for a reload has nothing to keep any more.
    return replace_url(response, session.get_absolute_url()) if form.cleaned_data["context"] else response


def send_first(request: PageRequest) -> HttpResponse:
    """The first message makes its session, and leads there."""
    exchange = sent(request, None, MessageForm(request.POST))
    return exchange if isinstance(exchange, HttpResponse) else to_chat(request, exchange.session)


def sent(request: PageRequest, session: ChatSession | None, form: MessageForm) -> Exchange | HttpResponse:
    """The exchange, or the answer that refuses it and keeps the text."""
    if not form.is_valid():
        return refused(request, session, form, status=422)
    try:
        return GeminiService(request.user, INTERFACE).send(
            session,
            form.cleaned_data["content"],
            idempotency_key=form.sent_as,
            context=form.cleaned_data["context"],
        )
    except GeminiError as error:
        form.add_error("content", error.message)
        return refused(request, session, form, STATUS_OF.get(error.code, 422), error)


def refused(
    request: PageRequest, session: ChatSession | None, form: MessageForm, status: int, error: GeminiError | None = None
) -> HttpResponse:
    if request.htmx:
        context = {"session": session, "composer": form, "refusal": error}
        return render(request, "gemini/messages/_composer.html", context, status=status)
    return chat_page(request, session, form, status=status, refusal=error)


@require_POST
@login_required
def stop_reply(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    GeminiService(request.user, INTERFACE).stop(message)
    if not request.htmx:
        return redirect(message_url(message))
    return render(request, "gemini/messages/_message.html", {"message": message})


@require_GET
@login_required
def message(request: PageRequest, message_id: int) -> HttpResponse:
    """A single message; as a page, its place in its chat."""
    found = message_for(request.user, message_id)
    if not request.htmx:
        return redirect(message_url(found))
    return render(request, "gemini/messages/_message.html", {"message": found, "edited": True})


@require_GET
@login_required
def message_text(request: PageRequest, message_id: int) -> HttpResponse:
    """The source as it was written, to be copied or saved."""
    found = replies.freshen(message_for(request.user, message_id))
    return HttpResponse(found.content, content_type="text/plain; charset=utf-8")


def to_chat(request: PageRequest, session: ChatSession) -> HttpResponse:
    url = session.get_absolute_url()
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


@require_GET
def stream_reply(request: PageRequest, message_id: int) -> StreamingHttpResponse:
    """Never an error status, and always a `done`: the browser asks a failing URL again without end."""
    return sse.response(events(request, watchable(request, message_id)))


def watchable(request: PageRequest, message_id: int) -> ChatMessage | None:
    try:
        return message_for(request.user, message_id) if request.user.is_authenticated else None
    except MessageNotFound:
        return None


async def events(request: PageRequest, message: ChatMessage | None) -> AsyncGenerator[bytes, None]:
    if message is None:
        yield sse.encode("done", render_to_string("gemini/messages/_unavailable.html"))
        return
    key, viewer = request.session.session_key, replies.Viewer()
    try:
        with throttling.viewing.held(request.user.pk), watching.watched_by(key, viewer.dismiss):
            async with aclosing(replies.updates(message, viewer)) as updates:
                async for update in updates:
                    if watching.has_ended(key):
                        yield sse.encode("done", render_to_string("gemini/messages/_unavailable.html"))
                        return
                    if viewer.is_dismissed:
                        # Without an end: a browser asks again, with the cookie that it has by now.
                        return
                    if update[0].kind == "heartbeat":
                        yield sse.HEARTBEAT
                    elif update[0].kind == "done":
                        yield sse.encode("done", await in_thread(request, ended, request, message.pk))
                    else:
                        yield b"".join(sse.encode(*event) for event in update)
    except TooManyReplies:
        # An error status, or an end without `done`, and the browser would ask again without end.
        yield sse.encode("done", render_to_string("gemini/messages/_unavailable.html", {"too_many": True}))


async def in_thread(request: PageRequest, work: Any, *arguments: Any) -> Any:
    """In a thread of the pages where the server lends them (`config.handler`).

    One of its own opens a connection to the database, which takes a millisecond, and the event loop waits for its end.
    """
    lent = getattr(request, "in_thread", None)
    return await (lent(work, *arguments) if lent else sync_to_async(work)(*arguments))


def ended(request: PageRequest, message_id: int) -> str:
    close_old_connections()
    # A thread of the pages keeps its connection; one that was lent for this keeps none.
    keeps = connection.connection is not None
    try:
        message = message_for(request.user, message_id, "parent")
    except MessageNotFound:
        return render_to_string("gemini/messages/_unavailable.html")
    else:
        context = {"message": message, "session": message.session, "attempt": 1}
        return render_to_string("gemini/messages/_ended.html", context, request=request)
    finally:
        if not keeps:
            connection.close()
