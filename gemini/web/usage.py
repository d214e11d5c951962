from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from gemini import stats
from gemini.credentials import answering_model
from gemini.usage import CallFilter, InvalidPeriod, Period, Report, calls_of, report, spreadsheet
from gemini.usage.charts import charts
from gemini.usage.limits import daily_limit
from gemini.usage.periods import NAMES
from gemini.usage.prices import PriceList
from gemini.web.requests import PageRequest
from gemini.web.streaming import download
from gemini.web.tables import CallTable, GroupTable, Links, configure, filter_names

CALLS_ON_PAGE = 50
SPANS_ON_PAGE = 31
CSV = "text/csv; charset=utf-8"


@require_safe
@login_required
def usage(request: PageRequest) -> HttpResponse:
    """What it all has come to; one table alone when htmx sorts or pages it."""
    period, status = period_or_default(request)
    found = report(request.user, period, whole=sees_whole(request))
    links = Links(period, found.whole)
    shown = {table.region: configure(table, request, per_page) for table, per_page in tables_of(found, links)}
    if request.htmx and request.htmx.target in shown:
        response = render(request, "gemini/usage/_table.html", {"table": shown[request.htmx.target]})
    else:
        context = usage_context(request, found, links, invalid=status != 200)
        response = render(request, "gemini/usage/page.html", context | {"tables": shown.values()}, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


@require_safe
@login_required
def usage_csv(request: PageRequest) -> StreamingHttpResponse:
    period, whole = period_or_default(request)[0], sees_whole(request)
    lines = spreadsheet.of_report(report(request.user, period, whole=whole))
    return download(lines, CSV, file_name(pgettext("usage", "расход"), period))


@require_safe
@login_required
def usage_calls(request: PageRequest) -> HttpResponse:
    """The calls behind a number."""
    (period, status), whole, chosen = period_or_default(request), sees_whole(request), filter_of(request)
    calls = chosen.within(calls_of(request.user, period, whole=whole))
    table = configure(CallTable(calls, PriceList(), whole=whole), request, CALLS_ON_PAGE)
    links = Links(period, whole)
    context = page_context(request, period, links, invalid=status != 200) | {
        "table": table,
        "filters": filter_names(chosen),
        "csv": links.to("gemini:usage-calls-csv", **chosen.query),
        "back": links.to("gemini:usage"),
        "everything": links.calls(),
    }
    template = "_table.html" if request.htmx and request.htmx.target == table.region else "calls.html"
    response = render(request, f"gemini/usage/{template}", context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


@require_safe
@login_required
def usage_calls_csv(request: PageRequest) -> StreamingHttpResponse:
    period, whole = period_or_default(request)[0], sees_whole(request)
    calls = filter_of(request).within(calls_of(request.user, period, whole=whole))
    return download(spreadsheet.of_calls(calls, PriceList(), whole=whole), CSV, file_name(_("запросы"), period))


def period_or_default(request: PageRequest) -> tuple[Period, int]:
    """The period that the address names, and the status of the answer: of an impossible one the usual instead."""
    try:
        return Period.from_query(request.GET), 200
    except InvalidPeriod:
        return Period.named(), 422


def sees_whole(request: PageRequest) -> bool:
    """Only the staff may ask for the whole site; of anyone else the wish is ignored."""
    return request.user.is_staff and request.GET.get("whole") == "1"


def filter_of(request: PageRequest) -> CallFilter:
    return CallFilter.from_query(request.GET)


def tables_of(found: Report, links: Links) -> list[tuple[GroupTable, int | None]]:
    titles = {
        "model": _("По моделям"),
        "interface": _("Откуда спрашивали"),
        "purpose": _("Для чего"),
        "origin": _("Чьим ключом"),
    }
    spans = GroupTable("span", title_of_spans(found), found.by["span"], links, order_by="-name")
    groups: list[tuple[GroupTable, int | None]] = [(spans, SPANS_ON_PAGE)]
    groups += [(GroupTable(kind, title, found.by[kind], links), None) for kind, title in titles.items()]
    if found.whole:
        groups.append((GroupTable("user", _("По пользователям"), found.by["user"], links), SPANS_ON_PAGE))
    return groups


def title_of_spans(found: Report) -> str:
    return _("По месяцам") if found.by_months else _("По дням")


def page_context(request: PageRequest, period: Period, links: Links, *, invalid: bool) -> dict[str, Any]:
    return {
        "period": period,
        "invalid_period": invalid,
        "typed": request.GET if invalid else {"from": str(period.first or ""), "to": str(period.last)},
        "periods": NAMES,
        "whole": "whole" in links.base,
        "links": links,
    }


def usage_context(request: PageRequest, found: Report, links: Links, *, invalid: bool) -> dict[str, Any]:
    begins, ends = found.period.begins, found.period.ends
    prompts = {} if begins is None else {"timestamp__gte": begins, "timestamp__lt": ends}
    answering = answering_model(request.user)
    return page_context(request, found.period, links, invalid=invalid) | {
        "report": found,
        "charts": charts(found),
        "spans_title": title_of_spans(found),
        "csv": links.to("gemini:usage-csv"),
        "leads": {
            "by_tokens": links.calls(sort="-prompt_tokens"),
            "done": links.calls(outcome="done"),
            "failed": links.calls(outcome="failed"),
            "slowest": links.calls(outcome="done", sort="-duration_ms"),
            "latest_first": links.calls(outcome="done", purpose="reply", sort="-first_token_ms"),
        },
        "failures": [(code, count, links.calls(code=code)) for code, count in found.failures.items()],
        "daily_limit": daily_limit(request.user, answering.kind),
        "answering": answering,
        "top_prompts": stats.repeated_prompts(request.user, **prompts),
    }


def file_name(what: str, period: Period) -> str:
    return f"gemini-{what}-{'-'.join(period.query.values())}.csv"
