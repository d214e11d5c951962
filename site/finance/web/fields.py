"""Fields that take amounts, months and currencies as people write them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from finance.exceptions import Unreadable
from finance.statements import values

CURRENCIES = ("BYN", "USD", "EUR", "RUB", "PLN", "CNY")


def read_by(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except Unreadable as error:
        words = str(error)
        raise ValidationError(words[:1].upper() + words[1:]) from error


class AmountField(forms.CharField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": _("1 234,50")})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        amount: Decimal = read_by(values.amount, text)
        if amount <= 0:
            raise ValidationError(_("Сумма должна быть больше нуля."))
        return amount

    def prepare_value(self, value: Any) -> Any:
        return number_format(value, 2) if isinstance(value, Decimal) else value


class CurrencyField(forms.CharField):
    widget = forms.TextInput(
        attrs={"list": "currencies", "maxlength": 20, "autocomplete": "off", "spellcheck": "false"}
    )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        code: str = read_by(values.currency, text) if text else ""
        return code


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        return read_by(values.day, str(value))


class MonthField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        return read_by(values.month, str(value))
