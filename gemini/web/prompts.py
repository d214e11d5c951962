"""The prompts that a user keeps: the library, and the way of one of them into a composer."""

import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from gemini.access import prompt_for, session_for
from gemini.models import ChatSession, PromptTemplate
from gemini.service import GeminiService
from gemini.web.chat_page import chat_page
from gemini.web.forms import MessageForm
from gemini.web.prompt_forms import GapsForm, PromptForm
from gemini.web.requests import INTERFACE, PageRequest

# Bytes of a URL that every server and proxy lets through.
LONGEST_URL = 2_000


@require_GET
@login_required
def prompt_list(request: PageRequest) -> HttpResponse:
    chat = chat_named(request)
    context = {"prompts": PromptTemplate.objects.for_user(request.user), "chat": chat, "section": "prompts"}
    return render(request, "gemini/prompts/page.html", context)


@require_GET
@login_required
@vary_on_headers("HX-Request")
def choose_prompt(request: PageRequest) -> HttpResponse:
    """The list that opens over the composer; as a page it is the library."""
    chat = chat_named(request)
    if not request.htmx:
        return redirect(with_chat(reverse("gemini:prompt-list"), chat))
    context = {"prompts": PromptTemplate.objects.for_user(request.user), "chat": chat}
    return render(request, "gemini/prompts/_choices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create_prompt(request: PageRequest) -> HttpResponse:
    return edit(request, PromptTemplate(user_id=request.user.pk), _("Заготовка «%(name)s» сохранена."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_prompt(request: PageRequest, prompt_id: int) -> HttpResponse:
    return edit(request, prompt_for(request.user, prompt_id), _("Заготовка «%(name)s» изменена."))


def edit(request: PageRequest, prompt: PromptTemplate, done: str) -> HttpResponse:
    form = PromptForm(request.POST or None, instance=prompt, keep=GeminiService(request.user, INTERFACE).keep_prompt)
    if request.method == "POST" and form.is_valid() and form.keep():
        flash.success(request, done % {"name": prompt.name})
        return redirect("gemini:prompt-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "gemini/prompts/edit.html", {"form": form, "section": "prompts"}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request")
def delete_prompt(request: PageRequest, prompt_id: int) -> HttpResponse:
    prompt = prompt_for(request.user, prompt_id)
    if request.method != "POST":
        template = "gemini/prompts/_delete.html" if request.htmx else "gemini/prompts/delete.html"
        return render(request, template, {"prompt": prompt, "section": "prompts"})
    GeminiService(request.user, INTERFACE).forget_prompt(prompt)
    if request.htmx:
        # Nothing comes in the place of its row.
        return HttpResponse()
    flash.success(request, _("Заготовка «%(name)s» удалена.") % {"name": prompt.name})
    return redirect("gemini:prompt-list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@vary_on_headers("HX-Request")
def use_prompt(request: PageRequest, prompt_id: int) -> HttpResponse:
    """Asks for what fills the gaps, if there are any, and puts the text into the chat's composer."""
    prompt, chat = prompt_for(request.user, prompt_id), chat_named(request)
    posted = request.method == "POST"
    form = GapsForm(request.POST if posted else None, prompt=prompt)
    context = {"prompt": prompt, "form": form, "chat": chat, "section": "prompts"}
    if form.fields and not (posted and form.is_valid()):
        template = "gemini/prompts/_use.html" if request.htmx else "gemini/prompts/use.html"
        response = render(request, template, context, status=422 if posted else 200)
        return reswap(retarget(response, "#dialog"), "innerHTML") if request.htmx else response
    if request.htmx:
        response = render(request, "gemini/prompts/_fill.html", {"text": form.filled})
        return reswap(retarget(response, "#prompt-choices"), "innerHTML")
    page = chat.get_absolute_url() if chat else reverse("gemini:chat-create")
    url = f"{page}?{urlencode({'prompt': prompt.pk, **form.values})}"
    # A long text fits into no URL: then the page comes at once, without one of its own.
    return redirect(url) if len(url) <= LONGEST_URL else chat_page(request, chat, composer_with(form.filled))


def prefilled_composer(request: PageRequest) -> MessageForm:
    """The composer with the prompt that the URL names (`?prompt=7&gap1=…`), or with its data (`?context=…`)."""
    number = request.GET.get("prompt", "")
    if not number.isdecimal():
        return composer_with("", request.GET.getlist("context"))
    form = GapsForm(request.GET, prompt=prompt_for(request.user, int(number)))
    return composer_with(form.filled) if form.is_valid() else MessageForm()


def composer_with(text: str, context: Sequence[str] = ()) -> MessageForm:
    return MessageForm(initial={"idempotency_key": uuid.uuid4().hex, "content": text, "context": context})


def chat_named(request: PageRequest) -> ChatSession | None:
    """The chat from which the library was opened, and into which a prompt goes."""
    number = request.GET.get("chat", "")
    return session_for(request.user, int(number)) if number.isdecimal() else None


def with_chat(url: str, chat: ChatSession | None) -> str:
    return f"{url}?chat={chat.pk}" if chat else url
