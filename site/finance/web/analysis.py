import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from finance.analysis import has_data, prompt_for
from finance.exceptions import NothingToAnalyze
from finance.web.forms import AnalysisForm
from finance.web.requests import INTERFACE, PageRequest, page_or_part
from gemini.exceptions import GeminiError
from gemini.service import GeminiService

PAGE = "finance/analysis/page.html"
PARTS = {"analysis-sent": "finance/analysis/_sent.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def analysis(request: PageRequest) -> HttpResponse:
    """Shows what would be sent; sending makes a chat, where the answer is written whether or not anybody waits."""
    if request.method == "POST":
        return begin(request)
    asked = request.GET.copy()
    asked.setdefault("idempotency_key", uuid.uuid4().hex)
    form = AnalysisForm(asked)
    return page_or_part(request, PAGE, PARTS, context_of(request, form), status=200 if form.is_valid() else 422)


def begin(request: PageRequest) -> HttpResponse:
    form = AnalysisForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, context_of(request, form), status=422)
    asked = form.cleaned_data
    if not has_data(request.user, asked["since"], asked["until"]):
        form.add_error(None, NothingToAnalyze().message)
        return render(request, PAGE, context_of(request, form), status=422)
    prompt = prompt_for(request.user, asked["since"], asked["until"], asked["question"])
    service = GeminiService(request.user, INTERFACE)
    key = asked["idempotency_key"]
    try:
        # Together with the text: the browser's Back restores an old key over another period.
        sent_as = f"{key} {prompt}" if key else ""
        exchange = service.send(None, prompt, idempotency_key=sent_as, title=title_of(asked))
    except GeminiError as error:
        form.add_error(None, error.message)
        return render(request, PAGE, context_of(request, form), status=422)
    return redirect(exchange.session)


def context_of(request: PageRequest, form: AnalysisForm) -> dict[str, Any]:
    asked = form.cleaned_data if form.is_valid() else {}
    since, until = asked.get("since"), asked.get("until")
    has_any = has_data(request.user, since, until)
    sent = prompt_for(request.user, since, until, asked.get("question", "")) if has_any else ""
    return {"form": form, "sent": sent, "has_data": has_any}


def title_of(asked: dict[str, Any]) -> str:
    days = [date_format(asked[name], "j E Y") if asked[name] else "…" for name in ("since", "until")]
    return _("Финансы: %(period)s") % {"period": " – ".join(days) if days != ["…", "…"] else _("всё время")}
