"""Vacancies by what the address asks for, and the found set as data of a new chat."""

from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from gemini.exceptions import GeminiError
from gemini.service import GeminiService
from gemini.web.requests import INTERFACE, PageRequest
from gemini.web.vacancy_forms import QuestionForm, VacancyForm
from gemini.web.vacancy_results import Insight, blocks_of, insight_of, results_of

PAGE = "gemini/vacancies/page.html"
# What htmx asks for, by the id of the element that it goes into.
PARTS = {"vacancies-found": "gemini/vacancies/_found.html", "vacancies-insight": "gemini/vacancies/_insight.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def vacancies(request: PageRequest) -> HttpResponse:
    """A search; posted, its results become the data of a new chat."""
    form = VacancyForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return analyze(request, form)
    target = (request.htmx.target if request.htmx else None) or ""
    context = context_of(request, form, QuestionForm(), whole="insight" in request.GET, target=target)
    status = 200 if form.is_valid() or form.is_untouched else 422
    response = render(request, PARTS.get(target, PAGE), context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def analyze(request: PageRequest, form: VacancyForm) -> HttpResponse:
    question = QuestionForm(request.POST)
    if form.is_valid() and question.is_valid():
        text = question.cleaned_data["content"]
        try:
            service = GeminiService(request.user, INTERFACE)
            return redirect(
                service.send(
                    None, text, idempotency_key=question.sent_with(form), context=blocks_of(form.arguments)
                ).session
            )
        except GeminiError as error:
            question.add_error("content", error.message)
    return render(request, PAGE, context_of(request, form, question, whole=True), status=422)


def context_of(
    request: PageRequest, form: VacancyForm, question: QuestionForm, *, whole: bool, target: str = ""
) -> dict[str, Any]:
    """`whole`: with what takes longer, the pay and what would be sent."""
    asks = form.is_valid()
    results = async_to_sync(results_of)(form.arguments) if asks and target != "vacancies-insight" else None
    insight: Insight | None = async_to_sync(insight_of)(request.user, form.arguments) if asks and whole else None
    return {"form": form, "question": question, "results": results, "insight": insight}
