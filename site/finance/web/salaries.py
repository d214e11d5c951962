from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from finance.access import salary_for
from finance.charts import by_pay
from finance.filters import SalaryFilter
from finance.models import Salary
from finance.pay import trend
from finance.tables import SalaryTable, configure
from finance.web.fields import CURRENCIES
from finance.web.forms import SalaryForm
from finance.web.listing import back_to, sample_offered
from finance.web.requests import PageRequest, page_or_part

PAGE = "finance/salaries/page.html"
PARTS = {"salaries": "finance/transactions/_table.html"}


@require_safe
@login_required
def salaries(request: PageRequest) -> HttpResponse:
    """What was paid, and how it went on; the table alone when htmx sorts or pages it."""
    own = Salary.objects.for_user(request.user)
    filters = SalaryFilter(request.GET, queryset=own)
    table = configure(SalaryTable(filters.qs.defer("fingerprint")), request)
    if request.htmx and request.htmx.target == table.region:
        return page_or_part(request, PAGE, PARTS, {"table": table})
    found = trend(filters.qs)
    context = {
        "filter": filters,
        "table": table,
        "trend": found,
        "chart": by_pay(found.net),
        "is_empty": not own.exists(),
        "sample_offered": sample_offered(request),
    }
    return page_or_part(request, PAGE, PARTS, context, status=200 if filters.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create_salary(request: PageRequest) -> HttpResponse:
    return edit(request, Salary(user_id=request.user.pk), _("Выплата записана."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def salary(request: PageRequest, salary_id: int) -> HttpResponse:
    return edit(request, salary_for(request.user, salary_id), _("Выплата изменена."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_salary(request: PageRequest, salary_id: int) -> HttpResponse:
    record = salary_for(request.user, salary_id)
    if request.method != "POST":
        return render(request, "finance/salaries/delete.html", {"record": record})
    record.delete()
    flash.success(request, _("Выплата удалена."))
    return back_to(request, "finance:salaries")


def edit(request: PageRequest, record: Salary, done: str) -> HttpResponse:
    form = SalaryForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        form.save()
        flash.success(request, done)
        return back_to(request, "finance:salaries")
    context = {"form": form, "record": record, "currencies": CURRENCIES}
    return render(request, "finance/salaries/edit.html", context, status=422 if form.is_bound else 200)
