from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from gemini.exceptions import GeminiError
from gemini.service import GeminiService
from google_oauth import analysis, calendar, conf, prompts, tokens
from google_oauth.exceptions import CalendarError, ReconnectRequired
from google_oauth.forms import AnalysisForm
from google_oauth.periods import Period, today
from google_oauth.policy import leads_to_google
from google_oauth.words import period_name

INTERFACE = "calendar"


@require_GET
@login_required
@leads_to_google
@vary_on_headers("HX-Request")
def show(request: HttpRequest) -> HttpResponse:
    period = Period.of(request.GET, today())
    template = "calendar/_calendar.html" if request.headers.get("HX-Request") else "calendar/page.html"
    return render(request, template, page_of(request, period, AnalysisForm()))


def page_of(request: HttpRequest, period: Period, form: AnalysisForm) -> dict[str, Any]:
    context: dict[str, Any] = {"period": period, "period_name": period_name(period), "today": today(), "form": form}
    context["credential"] = calendar.credential_of(request.user) if conf.is_configured() else None
    try:
        found = calendar.listing(request.user, period)
    except CalendarError as problem:
        # What is out of order may have changed the credential.
        lost = isinstance(problem, ReconnectRequired)
        return context | {
            "problem": problem,
            "credential": None if lost else context["credential"],
            "callback_url": settings.SITE_URL + reverse("google_callback"),
        }
    report = analysis.report(found.events, period, timezone.localtime())
    return context | {"listing": found, "report": report, "sent": prompts.analysis(report)}


@require_POST
@login_required
def analyze(request: HttpRequest) -> HttpResponse:
    """Begins a chat about the meetings of a period, and leads there."""
    period = Period.of(request.POST, today())
    form = AnalysisForm(request.POST)
    if not form.is_valid():
        return leads_to_google(render)(request, "calendar/page.html", page_of(request, period, form), status=422)
    try:
        found = calendar.listing(request.user, period)
        report = analysis.report(found.events, period, timezone.localtime())
        text = prompts.analysis(report, form.cleaned_data["question"])
        exchange = GeminiService(request.user, INTERFACE).send(None, text, idempotency_key=form.sent_as(text))
    except GeminiError as error:
        flash.error(request, error.message)
        return redirect(address(period))
    return redirect(exchange.session)


def address(period: Period) -> str:
    return f"{reverse('google_oauth:calendar')}?period={period.kind}&date={period.first.isoformat()}"


@require_POST
@login_required
def connect(request: HttpRequest) -> HttpResponse:
    """Leads to Google, which asks for the calendar beside what signing in asks for."""
    if not conf.is_configured():
        return redirect("google_oauth:calendar")
    provider = get_adapter(request).get_provider(request, "google")
    credential = calendar.credential_of(request.user)
    hint = {"login_hint": credential.email} if credential else {}
    return provider.redirect(
        request,
        process=AuthProcess.CONNECT,
        next_url=reverse("google_oauth:calendar"),
        data={"calendar": True},
        scope=[*provider.get_scope(), conf.CALENDAR_SCOPE],
        auth_params=conf.CALENDAR_PARAMS | hint,
    )


@require_POST
@login_required
def disconnect(request: HttpRequest) -> HttpResponse:
    match tokens.disconnect(request.user):
        case True:
            flash.success(request, _("Календарь отключён: доступ отозван у Google, ключи и события стёрты."))
        case False:
            flash.warning(
                request,
                _(
                    "Календарь отключён: ключи и события стёрты. Google не подтвердил отзыв доступа — "
                    "отзовите его сами на странице myaccount.google.com/connections."
                ),
            )
    return redirect("google_oauth:calendar")
