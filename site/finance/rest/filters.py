import re
from typing import Any

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field

from finance.filters import SalaryFilter, TransactionFilter
from finance.models import CURRENCY


@extend_schema_field({"type": "string", "pattern": "^([A-Z]{3})?$"})
class CurrencyFilter(django_filters.CharFilter):
    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[CURRENCY], **options)


@extend_schema_field({"type": "string", "maxLength": 100, "pattern": r"^[^\x00]*$"})
class CategoryFilter(django_filters.CharFilter):
    """Exactly this category; a name of blanks is none of them, so it finds none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, strip=False, **options)


class DayText(forms.DateField):
    """A day as the schema writes it, and in no other way."""

    def clean(self, value: Any) -> Any:
        if value == "":
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean(value)

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            raise forms.ValidationError("День нужен в виде 2026-11-24.", code="invalid")
        return super().to_python(value)


class DayFilter(django_filters.DateFilter):
    field_class = DayText

    def __init__(self, **options: Any) -> None:
        words = {"invalid": "День нужен в виде 2026-11-24."}
        super().__init__(field_name="date", input_formats=["%Y-%m-%d"], error_messages=words, **options)


class TransactionApiFilter(TransactionFilter):
    since = DayFilter(lookup_expr="gte")
    until = DayFilter(lookup_expr="lte")
    currency = CurrencyFilter()
    category = CategoryFilter()


class SalaryApiFilter(SalaryFilter):
    since = DayFilter(lookup_expr="gte")
    until = DayFilter(lookup_expr="lte")
    currency = CurrencyFilter()
