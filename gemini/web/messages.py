from collections.abc import AsyncGenerator
from contextlib import aclosing

from asgiref.sync import sync_to_async
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from gemini import replies
from gemini.access import message_for, session_for
from gemini.exceptions import GeminiError, MessageNotFound
from gemini.models import ChatMessage, ChatSession
from gemini.service import Exchange, GeminiService
from gemini.web import sse
from gemini.web.chat_page import chat_page
from gemini.web.forms import MessageForm
from gemini.web.requests import INTERFACE, PageRequest

# Refusals that are not the text's fault; htmx swaps 409 and 422, and shows a toast for 503.
STATUS_OF = {"reply_in_progress": 409, "shutting_down": 503}


@require_POST
@login_required
def create_message(request: PageRequest, session_id: int) -> HttpResponse:
    session = session_for(request.user, session_id)
    form = MessageForm(request.POST)
    exchange = sent(request, session, form)
    if isinstance(exchange, HttpResponse):
        return exchange
    if not request.htmx:
        return redirect(session)
    context = {
        "session": session,
        "user_message": exchange.user_message,
        "reply": exchange.reply,
        "composer": MessageForm(),
        "repeated": exchange.repeated,
    }
    return render(request, "gemini/messages/_exchange.html", context)


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
            session, form.cleaned_data["content"], idempotency_key=form.sent_as
        )
    except GeminiError as error:
        form.add_error("content", error.message)
        return refused(request, session, form, status=STATUS_OF.get(error.code, 422))


def refused(request: PageRequest, session: ChatSession | None, form: MessageForm, status: int) -> HttpResponse:
    if request.htmx:
        context = {"session": session, "composer": form}
        return render(request, "gemini/messages/_composer.html", context, status=status)
    return chat_page(request, session, form, status=status)


@require_POST
@login_required
def stop_reply(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    GeminiService(request.user, INTERFACE).stop(message)
    return reply_or_chat(request, message)


@require_POST
@login_required
def retry_reply(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    try:
        exchange = GeminiService(request.user, INTERFACE).retry(message)
    except GeminiError as error:
        flash.warning(request, error.message)
        return to_chat(request, message.session)
    return reply_or_chat(request, exchange.reply)


def reply_or_chat(request: PageRequest, message: ChatMessage) -> HttpResponse:
    if not request.htmx:
        return redirect(message.session)
    context = {"message": message, "session": message.session}
    return render(request, "gemini/messages/_message.html", context)


def to_chat(request: PageRequest, session: ChatSession) -> HttpResponse:
    url = session.get_absolute_url()
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


@require_GET
async def stream_reply(request: PageRequest, message_id: int) -> StreamingHttpResponse:
    """Never an error status, and always a `done`: the browser asks a failing URL again without end."""
    message = await sync_to_async(watchable)(request, message_id)
    return sse.response(events(request, message))


def watchable(request: PageRequest, message_id: int) -> ChatMessage | None:
    try:
        return message_for(request.user, message_id) if request.user.is_authenticated else None
    except MessageNotFound:
        return None
    finally:
        # Otherwise each open stream would hold a connection of the database to its end.
        connection.close()


async def events(request: PageRequest, message: ChatMessage | None) -> AsyncGenerator[bytes, None]:
    if message is None:
        yield sse.encode("done", render_to_string("gemini/messages/_unavailable.html"))
        return
    async with aclosing(replies.follow(message)) as followed:
        async for event in followed:
            if event.kind == "heartbeat":
                yield sse.HEARTBEAT
            elif event.kind == "done":
                yield sse.encode("done", await sync_to_async(ended)(request, message.pk))
            else:
                yield sse.encode(event.kind, event.html, event.sequence)


def ended(request: PageRequest, message_id: int) -> str:
    try:
        message = message_for(request.user, message_id)
    except MessageNotFound:
        return render_to_string("gemini/messages/_unavailable.html")
    else:
        context = {"message": message, "session": message.session, "attempt": 1}
        return render_to_string("gemini/messages/_ended.html", context, request=request)
    finally:
        connection.close()
