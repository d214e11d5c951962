"""Tables that sort and page themselves in place; `region` is a table's id, `title` its name."""

from typing import Any

import django_tables2 as tables
from django.core.paginator import EmptyPage, InvalidPage
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from finance import formats
from finance.models import Salary, Transaction

NUMBER = {"th": {"class": "table__number"}, "td": {"class": "table__number"}}
ON_PAGE = 50


class Amount(tables.Column):
    """Money with its currency, the largest first when it is sorted by."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=NUMBER, initial_sort_descending=True, **options)

    def render(self, value: Any, record: Any) -> SafeString:
        # Of salaries all are income: there a colour would say nothing.
        kind = "income" if value > 0 and not getattr(record, "is_transfer", True) else "plain"
        return format_html('<span class="money money--{}">{}</span>', kind, formats.money(value, record.currency))


class Day(tables.Column):
    def __init__(self, **options: Any) -> None:
        super().__init__(initial_sort_descending=True, linkify=True, **options)

    def render(self, value: Any) -> str:
        return date_format(value, "j E Y")


class TransactionTable(tables.Table):
    date = Day(verbose_name=_("Дата"), order_by=("date", "pk"))
    amount = Amount(verbose_name=_("Сумма"))
    counterparty = tables.Column(verbose_name=_("Кому или от кого"), default="—")
    description = tables.Column(verbose_name=_("Описание"), default="—")
    category = tables.Column(verbose_name=_("Категория"), default="—")
    account = tables.Column(verbose_name=_("Счёт"), default="—")
    chosen = tables.TemplateColumn(
        template_name="finance/transactions/_choose.html", verbose_name=_("Выбор"), empty_values=(), orderable=False
    )

    class Meta:
        model = Transaction
        fields = ("date", "chosen", "amount", "counterparty", "description", "category", "account")
        order_by = "-date"

    region, title = "transactions", _("Операции")

    def render_category(self, value: str, record: Transaction) -> str:
        return str(_("{category}, перевод").format(category=value)) if record.is_transfer else value

    def value_category(self, value: str) -> str:
        return value


class SalaryTable(tables.Table):
    date = Day(verbose_name=_("Выплата"), order_by=("date", "pk"))
    period = tables.Column(verbose_name=_("За месяц"), initial_sort_descending=True)
    kind = tables.Column(verbose_name=_("Вид"))
    amount = Amount(verbose_name=_("Сумма"))
    is_gross = tables.Column(verbose_name=_("Налоги"))
    employer = tables.Column(verbose_name=_("Работодатель"), default="—")
    note = tables.Column(verbose_name=_("Комментарий"), default="—")

    class Meta:
        model = Salary
        fields = ("date", "period", "kind", "amount", "is_gross", "employer", "note")
        order_by = "-date"

    region, title = "salaries", _("Выплаты")

    def render_period(self, value: Any) -> str:
        return date_format(value, "F Y")

    def render_is_gross(self, value: bool) -> str:
        return str(_("до вычета") if value else _("на руки"))


def configure(table: Any, request: Any) -> Any:
    """Sorts and pages as the address says; not by the library's `RequestConfig`, which lets it say how many rows."""
    table.request = request
    if order := request.GET.getlist(table.prefixed_order_by_field):
        table.order_by = order
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=ON_PAGE)
    except EmptyPage:
        table.page = table.paginator.page(table.paginator.num_pages)
    except InvalidPage:
        table.page = table.paginator.page(1)
    return table
