from collections.abc import Iterator

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from gemini import personal_data, transfer
from gemini.access import session_for
from gemini.exceptions import InvalidImport
from gemini.models import ChatSession, PromptTemplate
from gemini.transfer.importing import MAX_BYTES, Outcome
from gemini.transfer.markdown import file_name
from gemini.transfer.reading import shown_messages_of
from gemini.web.requests import PageRequest
from gemini.web.streaming import download
from gemini.web.transfer_form import ImportForm

JSON, MARKDOWN, ZIP = "application/json", "text/markdown; charset=utf-8", "application/zip"


@require_safe
@login_required
def session_markdown(request: PageRequest, session_id: int) -> StreamingHttpResponse:
    session = session_for(request.user, session_id)
    return download(transfer.session_markdown(session), MARKDOWN, f"{file_name(session)}.md")


@require_safe
@login_required
def session_json(request: PageRequest, session_id: int) -> StreamingHttpResponse:
    session = session_for(request.user, session_id)
    return download(transfer.session_json(session), JSON, f"{file_name(session)}.json")


@require_safe
@login_required
def session_print(request: PageRequest, session_id: int) -> StreamingHttpResponse:
    """The chat to be read or printed: no scripts, no navigation, nothing that asks the server for more."""
    session = session_for(request.user, session_id)
    return download(printed(request, session), "text/html; charset=utf-8")


def printed(request: PageRequest, session: ChatSession) -> Iterator[str]:
    whole = render_to_string("gemini/transfer/print.html", {"session": session}, request=request)
    before, _mark, after = whole.partition("<!-- messages -->")
    yield before
    for message in shown_messages_of(session):
        yield render_to_string("gemini/transfer/_printed.html", {"message": message})
    yield after


@require_safe
@login_required
def export_page(request: PageRequest) -> HttpResponse:
    context = {
        "chats": ChatSession.objects.for_user(request.user).count(),
        "prompts": PromptTemplate.objects.filter(user_id=request.user.pk).count(),
    }
    return render(request, "gemini/transfer/export.html", context | {"section": "transfer"})


@require_safe
@login_required
def export_json(request: PageRequest) -> StreamingHttpResponse:
    return download(transfer.all_json(request.user), JSON, dated("json"))


@require_safe
@login_required
def export_zip(request: PageRequest) -> StreamingHttpResponse:
    return download(transfer.all_zip(request.user), ZIP, dated("zip"))


@require_safe
@login_required
def export_everything(request: PageRequest) -> StreamingHttpResponse:
    """All that the site keeps of whoever asks, of every app, in one archive."""
    return download(personal_data.archive(request.user), ZIP, dated("data.zip"))


def dated(ending: str) -> str:
    return f"gemini-{timezone.localdate()}.{ending}"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_page(request: PageRequest) -> HttpResponse:
    if request.method != "POST":
        return import_form(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return import_form(request, form, status=422)
    try:
        outcome = transfer.take_in(request.user, form.cleaned_data["file"].read(), copies=form.copies)
    except InvalidImport as error:
        form.add_error("file", error.message)
        return import_form(request, form, status=422)
    flash.success(request, words_for(outcome))
    return redirect("gemini:chat", outcome.only) if outcome.only else redirect("gemini:dashboard")


def import_form(request: PageRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "limit": MAX_BYTES // 2**20}
    return render(request, "gemini/transfer/import.html", context | {"section": "transfer"}, status=status)


def words_for(outcome: Outcome) -> str:
    parts = [ngettext("Добавлен %(count)s чат", "Добавлено чатов: %(count)s", outcome.chats) % {"count": outcome.chats}]
    parts.append(_("сообщений: %(count)s") % {"count": outcome.messages})
    if outcome.prompts:
        parts.append(_("заготовок: %(count)s") % {"count": outcome.prompts})
    if outcome.skipped:
        parts.append(_("пропущено, потому что уже есть: %(count)s") % {"count": outcome.skipped})
    return ", ".join(parts) + "."
