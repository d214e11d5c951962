from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from finance.access import transaction_for
from finance.models import Transaction
from finance.web.fields import CURRENCIES
from finance.web.forms import CategorizeForm, TransactionForm
from finance.web.listing import RESULTS, back_to, table_context, transactions_context
from finance.web.requests import PageRequest, page_or_part
from gemini import strangers

PAGE = "finance/transactions/page.html"
PARTS = {RESULTS: "finance/transactions/_results.html", "transactions": "finance/transactions/_table.html"}


@require_safe
@login_required
def transactions(request: PageRequest) -> HttpResponse:
    """What came and went; one part of it alone when htmx narrows, sorts or pages."""
    if request.htmx and request.htmx.target == "transactions":
        return page_or_part(request, PAGE, PARTS, table_context(request))
    context = transactions_context(request)
    return page_or_part(request, PAGE, PARTS, context, status=200 if context["filter"].is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create_transaction(request: PageRequest) -> HttpResponse:
    return edit(request, Transaction(user_id=request.user.pk), _("Операция записана."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def transaction(request: PageRequest, transaction_id: int) -> HttpResponse:
    return edit(request, transaction_for(request.user, transaction_id), _("Операция изменена."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_transaction(request: PageRequest, transaction_id: int) -> HttpResponse:
    record = transaction_for(request.user, transaction_id)
    if request.method != "POST":
        return render(request, "finance/transactions/delete.html", {"record": record})
    record.delete()
    flash.success(request, _("Операция удалена."))
    return back_to(request, "finance:transactions")


@require_POST
@login_required
def categorize(request: PageRequest) -> HttpResponse:
    """Gives all rows that are ticked one category."""
    own = Transaction.objects.for_user(request.user)
    form = CategorizeForm(request.POST, own=own)
    if form.not_own:
        strangers.note(request.user, Transaction.objects.exclude(user=request.user.pk).filter(pk__in=form.not_own))
    if not form.is_valid():
        done, status = _("Отметьте операции, которым назначить категорию."), 422
    else:
        count = own.filter(pk__in=form.cleaned_data["chosen"]).update(category=form.cleaned_data["category"].strip())
        done, status = _("Категория назначена, операций: %(count)s.") % {"count": count}, 200
    if request.htmx:
        return render(request, PARTS[RESULTS], transactions_context(request, done=done), status=status)
    flash.add_message(request, flash.SUCCESS if status == 200 else flash.WARNING, done)
    return back_to(request, "finance:transactions")


def edit(request: PageRequest, record: Transaction, done: str) -> HttpResponse:
    form = TransactionForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        form.save()
        flash.success(request, done)
        return back_to(request, "finance:transactions")
    categories = Transaction.objects.for_user(request.user).categories()
    context = {"form": form, "record": record, "categories": categories, "currencies": CURRENCIES}
    status = 422 if form.is_bound else 200
    return render(request, "finance/transactions/edit.html", context, status=status)
