"""Asking again and going back. What changes in the list begins with one message and reaches to its end."""

from collections.abc import Callable

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from gemini.access import message_for
from gemini.exceptions import GeminiError, InvalidMessage, NotEditable
from gemini.models import ChatMessage
from gemini.service import Exchange, GeminiService
from gemini.web.conversation import message_url, window_from
from gemini.web.forms import MessageForm, fresh_key
from gemini.web.requests import INTERFACE, PageRequest

# Tells the page that the answer replaces the target and all that follows it there.
FROM_HERE = "X-From-Here"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_message(request: PageRequest, message_id: int) -> HttpResponse:
    """A message of one's own, to be put in other words and sent again."""
    message = message_for(request.user, message_id)
    if message.role != ChatMessage.Role.USER:
        return refused(request, message, NotEditable())
    if request.method != "POST":
        return edit_form(request, message, MessageForm(initial=initial(message), auto_id=field_ids(message)))
    form = MessageForm(request.POST, auto_id=field_ids(message))
    if not form.is_valid():
        return edit_form(request, message, form, status=422)
    try:
        exchange = service(request).edit(message, form.cleaned_data["content"], idempotency_key=form.sent_as)
    except GeminiError as error:
        form.add_error("content", error.message)
        return edit_form(request, message, form, status=422 if isinstance(error, InvalidMessage) else 409)
    return from_here(request, exchange.user_message)


@require_POST
@login_required
def regenerate_reply(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    return begun(request, message, service(request).regenerate)


@require_POST
@login_required
def continue_reply(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    return begun(request, message, service(request).continue_reply)


@require_POST
@login_required
def retry_reply(request: PageRequest, message_id: int) -> HttpResponse:
    message = message_for(request.user, message_id)
    return begun(request, message, service(request).retry)


@require_POST
@login_required
def show_message(request: PageRequest, message_id: int) -> HttpResponse:
    """Turns the chat to the branch of a message."""
    message = message_for(request.user, message_id)
    try:
        shown = service(request).show(message)
    except GeminiError as error:
        return refused(request, message, error)
    return from_here(request, shown, turned=request.POST.get("turned", ""))


def service(request: PageRequest) -> GeminiService:
    return GeminiService(request.user, INTERFACE)


def begun(request: PageRequest, message: ChatMessage, begin: Callable[..., Exchange]) -> HttpResponse:
    """The reply that takes the place of a message, or why there is none."""
    try:
        exchange = begin(message, idempotency_key=request.POST.get("idempotency_key", ""))
    except GeminiError as error:
        return refused(request, message, error)
    return from_here(request, exchange.reply)


def from_here(request: PageRequest, first: ChatMessage, turned: str = "") -> HttpResponse:
    """The list from one message on; the focus stays on the arrow that was `turned`, as long as it leads on."""
    if not request.htmx:
        return redirect(message_url(first))
    window = window_from(first.session, first)
    if turned:
        at = window.messages[0]
        at.turned = "next" if at.variants.next and (turned == "next" or not at.variants.previous) else "previous"
    response = render(request, "gemini/messages/_messages.html", {"session": first.session, "window": window})
    response[FROM_HERE] = "1"
    return response


def refused(request: PageRequest, message: ChatMessage, error: GeminiError) -> HttpResponse:
    """Leaves the chat as it is, and says why."""
    if not request.htmx:
        flash.warning(request, error.message)
        return redirect(message_url(message))
    # A page shows its own words for 503, and for other failures the one that it is given.
    status = 503 if error.code in ("shutting_down", "storage_unavailable") else 409
    response = render(request, "gemini/messages/_refusal.html", {"error": error}, status=status)
    return reswap(retarget(response, "#toasts"), "innerHTML")


def edit_form(request: PageRequest, message: ChatMessage, form: MessageForm, status: int = 200) -> HttpResponse:
    template = "gemini/messages/_edit.html" if request.htmx else "gemini/messages/edit.html"
    return render(request, template, {"session": message.session, "message": message, "form": form}, status=status)


def initial(message: ChatMessage) -> dict[str, str]:
    return {"content": message.content, "idempotency_key": fresh_key()}


def field_ids(message: ChatMessage) -> str:
    return f"edit-{message.pk}-%s"
