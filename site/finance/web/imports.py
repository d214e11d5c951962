from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from finance import blanks, importing
from finance.access import batch_for
from finance.exceptions import UnreadableFile
from finance.models import ImportBatch
from finance.statements.mapping import LAYOUT
from finance.web.forms import ColumnsForm, UploadForm
from finance.web.listing import sample_offered
from finance.web.requests import PageRequest

SHOWN_ROWS = 50
SHOWN_CELLS = 6
SHOWN_IMPORTS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def imports(request: PageRequest) -> HttpResponse:
    """Takes a file in; nothing of it is among the user's records before they have seen it and said so."""
    if request.method != "POST":
        return imports_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(importing.begin(request.user, file.name, file.read()))
        except UnreadableFile as error:
            form.add_error("file", str(error))
    return imports_page(request, form, status=422)


def imports_page(request: PageRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    stored = ImportBatch.objects.for_user(request.user).stored().defer("problems", "left_out", "rows", "cells")
    context = {
        "form": form,
        "imports": stored[:SHOWN_IMPORTS],
        "layouts": blanks.layouts(),
        "sample_offered": sample_offered(request),
    }
    return render(request, "finance/imports/page.html", context, status=status)


@require_safe
@login_required
def import_preview(request: PageRequest, batch_id: int) -> HttpResponse:
    batch = batch_for(request.user, batch_id)
    return preview(request, batch)


@require_POST
@login_required
def name_columns(request: PageRequest, batch_id: int) -> HttpResponse:
    """What the columns of an unknown file are; may be said anew until it is stored."""
    batch = batch_for(request.user, batch_id)
    if batch.stored_at or not batch.needs_columns:
        return redirect(batch)
    form = ColumnsForm(request.POST, header=batch.cells[0][1])
    if not form.is_valid():
        return preview(request, batch, form, status=422)
    currency, all_spent = form.cleaned_data["default_currency"], form.cleaned_data["all_spent"]
    importing.name_columns(batch, form.columns, currency=currency, all_spent=all_spent)
    return redirect(batch)


@require_POST
@login_required
def confirm_import(request: PageRequest, batch_id: int) -> HttpResponse:
    batch = importing.store(batch_for(request.user, batch_id))
    words = _("Добавлено: %(added)s. Уже были: %(known)s.") % {"added": batch.added, "known": batch.known}
    flash.success(request, words)
    return redirect("finance:salaries" if batch.kind == ImportBatch.Kind.SALARIES else "finance:transactions")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_import(request: PageRequest, batch_id: int) -> HttpResponse:
    """Takes an import back with all that it has added; one that waits is only forgotten."""
    batch = batch_for(request.user, batch_id)
    if request.method != "POST" and batch.stored_at:
        return render(request, "finance/imports/delete.html", {"batch": batch})
    if request.method == "POST":
        batch.delete()
        flash.success(request, _("Импорт «%(name)s» отменён.") % {"name": batch.file_name})
    return redirect("finance:imports")


@require_safe
@login_required
def transactions_template(request: PageRequest) -> HttpResponse:
    return sheet(blanks.TRANSACTIONS, _("операции.csv"))


@require_safe
@login_required
def salaries_template(request: PageRequest) -> HttpResponse:
    return sheet(blanks.SALARIES, _("зарплаты.csv"))


def sheet(lines: Any, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(blanks.csv_of(lines), content_type="text/csv; charset=utf-8", headers=headers)


def preview(
    request: PageRequest, batch: ImportBatch, columns: ColumnsForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"batch": batch, "layout": blanks.layout_name(batch.layout), "status": status}
    if not batch.stored_at:
        found = importing.outlook(batch)
        context |= {"new": found.new[:SHOWN_ROWS], "new_count": len(found.new), "known_count": found.known}
        if batch.needs_columns:
            context |= {
                "columns_form": columns or ColumnsForm(header=batch.cells[0][1]),
                "cells": [cells for _line, cells in batch.cells[:SHOWN_CELLS]],
                "is_read": batch.layout == LAYOUT,
            }
    return render(request, "finance/imports/preview.html", context, status=status)
