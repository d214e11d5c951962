from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from gemini.usage import formats
from gemini.web.rate_board import Board
from gemini.web.rate_history import Course
from gemini.web.rates_format import rate_text, signed
from gemini.web.tables import NUMBER


class Number(tables.Column):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=NUMBER, initial_sort_descending=True, **kwargs)


class DayTable(tables.Table):
    """All currencies of a day; each leads to its history."""

    region, title = "table-rates", _("Все курсы")

    currency = tables.Column(accessor="rate__currency", verbose_name=_("Валюта"))
    scale = Number(accessor="rate__scale", verbose_name=_("За единиц"))
    rate = Number(accessor="rate__rate", order_by="rate__per_unit", verbose_name=_("Курс, BYN"))
    change = Number(verbose_name=_("За день"), order_by="percent")
    percent = Number(verbose_name=_("За день, %"))
    name = tables.Column(accessor="rate__name", verbose_name=_("Название"))

    def __init__(self, board: Board, query: QueryDict) -> None:
        self.query = query
        super().__init__(board.lines)

    def render_currency(self, value: str) -> str:
        query = self.query.copy()
        query["currency"] = value
        address = f"{reverse('gemini:rates')}?{query.urlencode()}"
        return format_html(
            '<a id="rate-{0}" href="{1}#rates-history" hx-get="{1}" hx-target="#rates-result" '
            'hx-swap="outerHTML show:#rates-history:top" hx-push-url="true">{0}</a>',
            value,
            address,
        )

    def render_scale(self, value: int) -> str:
        return formats.number(value)

    def render_rate(self, value: Decimal) -> str:
        return rate_text(value)

    def render_change(self, value: Decimal) -> str:
        return format_html('<span class="change change--{}">{}</span>', direction(value), signed(value, 4))

    def render_percent(self, value: Decimal) -> str:
        return signed(value, 2)


class PointTable(tables.Table):
    """The same as the chart, for those who do not see it."""

    PREFIX = "day-"
    region, title = "table-points", _("По дням")

    date = tables.Column(verbose_name=_("День"), initial_sort_descending=True)
    scale = Number(verbose_name=_("За единиц"), orderable=False)
    rate = Number(verbose_name=_("Курс, BYN"))

    def __init__(self, course: Course) -> None:
        super().__init__(course.rates, prefix=self.PREFIX, order_by="-date")

    def render_date(self, value: Any) -> str:
        return date_format(value, "j E Y")

    def render_rate(self, value: Decimal) -> str:
        return rate_text(value)


def direction(change: Decimal) -> str:
    return "up" if change > 0 else "down" if change < 0 else "none"
