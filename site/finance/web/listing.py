"""What a list page shows, for the page itself and for whatever of it htmx asks again."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance.charts import by_category, by_span
from finance.filters import TransactionPageFilter
from finance.models import Salary, Transaction
from finance.summary import summarize
from finance.tables import TransactionTable, configure
from finance.web.requests import PageRequest

RESULTS = "finance-results"


def transactions_context(request: PageRequest, **extra: Any) -> dict[str, Any]:
    own = Transaction.objects.for_user(request.user)
    filters = TransactionPageFilter(request.GET, queryset=own)
    summary = summarize(filters.qs)
    return {
        "filter": filters,
        "periods": periods(request),
        "summary": summary,
        "spans": by_span(summary.spans),
        "shares": by_category(summary.categories),
        "table": configure(TransactionTable(filters.qs.defer("fingerprint")), request),
        "is_empty": not own.exists(),
        "sample_offered": sample_offered(request),
        **extra,
    }


def table_context(request: PageRequest) -> dict[str, Any]:
    """The table alone: sorting and paging change no sum."""
    filters = TransactionPageFilter(request.GET, queryset=Transaction.objects.for_user(request.user))
    return {"filter": filters, "table": configure(TransactionTable(filters.qs.defer("fingerprint")), request)}


def periods(request: PageRequest) -> list[tuple[str, str, bool]]:
    """Periods at a touch: name, address, and whether it is the one that is shown."""
    today = timezone.localdate()
    first = today.replace(day=1)
    named = [
        (_("Этот месяц"), first, today),
        (_("Прошлый месяц"), (first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
        (_("Этот год"), today.replace(month=1, day=1), today),
        (_("Всё время"), None, None),
    ]
    return [(name, *address_of(request, since, until)) for name, since, until in named]


def address_of(request: PageRequest, since: date | None, until: date | None) -> tuple[str, bool]:
    query = request.GET.copy()
    before = (query.get("since", ""), query.get("until", ""))
    for name in ("page", "since", "until"):
        query.pop(name, None)
    wanted = (str(since or ""), str(until or ""))
    kept = [(name, str(value)) for name, value in query.items() if value]
    days = [(name, value) for name, value in zip(("since", "until"), wanted, strict=True) if value]
    return f"?{urlencode([*kept, *days])}", before == wanted


def sample_offered(request: PageRequest) -> bool:
    """Made-up records are offered in a demonstration only, and only where there are no real ones among them."""
    records = (Transaction.objects.for_user(request.user), Salary.objects.for_user(request.user))
    return settings.GEMINI_DEMO and not any(found.exists() for found in records)


def back_to(request: PageRequest, name: str) -> HttpResponse:
    """To the list as it was narrowed and sorted: forms keep its query in their own address."""
    query = request.GET.urlencode()
    return redirect(f"{reverse(name)}?{query}" if query else reverse(name))
