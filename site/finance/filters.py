"""What narrows a list down, on pages and in the API alike; all of it stands in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from finance.models import Salary, Transaction

DIRECTIONS = (("income", _("Приход")), ("spending", _("Расход")), ("transfer", _("Переводы между своими счетами")))
DAY = {"type": "date"}
# In an address: those without a category. No category of a user's is called so.
WITHOUT_CATEGORY = "-"


class DayFilter(django_filters.DateFilter):
    """A day; like all days of an address it is written 2026-11-24."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
        super().__init__(field_name="date", input_formats=["%Y-%m-%d"], widget=widget, **options)


class TransactionFilter(django_filters.FilterSet):
    since = DayFilter(lookup_expr="gte", label=_("С"))
    until = DayFilter(lookup_expr="lte", label=_("По"))
    direction = django_filters.ChoiceFilter(
        choices=DIRECTIONS, method="of_direction", label=_("Что"), empty_label=_("Всё")
    )

    class Meta:
        model = Transaction
        fields: list[str] = []

    def of_direction(self, found: QuerySet[Transaction], _name: str, value: str) -> QuerySet[Transaction]:
        if value == "transfer":
            return found.filter(is_transfer=True)
        sign = {"amount__gt": 0} if value == "income" else {"amount__lt": 0}
        return found.filter(is_transfer=False, **sign)


class TransactionPageFilter(TransactionFilter):
    """With choices of what its user has."""

    currency = django_filters.ChoiceFilter(label=_("Валюта"), empty_label=_("Любая"))
    category = django_filters.ChoiceFilter(label=_("Категория"), method="of_category", empty_label=_("Любая"))
    q = django_filters.CharFilter(
        label=_("Текст"), method="with_text", widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["currency"].extra["choices"] = [(code, code) for code in self.queryset.currencies()]
        names = [(name, name) for name in self.queryset.categories()]
        self.filters["category"].extra["choices"] = [(WITHOUT_CATEGORY, _("Без категории")), *names]

    def of_category(self, found: QuerySet[Transaction], _name: str, value: str) -> QuerySet[Transaction]:
        return found.filter(category="" if value == WITHOUT_CATEGORY else value)

    def with_text(self, found: QuerySet[Transaction], _name: str, value: str) -> QuerySet[Transaction]:
        """Every word occurs somewhere, in whatever case."""
        for word in value.replace("\0", "").split()[:10]:
            columns = ("description", "counterparty", "category", "account")
            found = found.filter(Q.create([(f"{name}__fcontains", word) for name in columns], connector=Q.OR))
        return found


class SalaryFilter(django_filters.FilterSet):
    since = DayFilter(lookup_expr="gte", label=_("С"))
    until = DayFilter(lookup_expr="lte", label=_("По"))

    class Meta:
        model = Salary
        fields: list[str] = []
