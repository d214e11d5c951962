"""Fields as strict as the schema says: amounts are strings, for what is a number in JSON is often a float by then."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from finance.models import CURRENCY

REQUIRED = "Это поле обязательно для заполнения."
AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
# A lone surrogate can be written in no UTF-8; a NUL DRF itself refuses.
UNREADABLE = re.compile("[\ud800-\udfff]")
CODE = re.compile(r"[A-Z]{3}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TextField(serializers.CharField):
    default_error_messages = {
        "required": REQUIRED,
        "invalid": "Значение должно быть строкой.",
        "unreadable": "Текст содержит недопустимые символы.",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if UNREADABLE.search(data):
            self.fail("unreadable")
        # As it was sent: the blanks around it count too.
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class AmountField(serializers.Field[Decimal, str, str, Any]):
    """A sum other than zero; of one side of it where the record has but one."""

    default_error_messages = {
        "required": REQUIRED,
        "invalid": "Сумма — строка вида -1234.50: не больше 12 цифр до точки и двух после, не ноль.",
        "positive": "Сумма должна быть больше нуля.",
    }

    def __init__(self, *, positive: bool = False, **options: Any) -> None:
        self.positive = positive
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        if not (isinstance(data, str) and AMOUNT.fullmatch(data) and Decimal(data)):
            self.fail("invalid")
        amount = Decimal(data)
        if self.positive and amount < 0:
            self.fail("positive")
        return amount

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.2f}"


class CurrencyField(serializers.Field[str, str, str, Any]):
    default_error_messages = {"required": REQUIRED, "invalid": str(CURRENCY.message)}

    def to_internal_value(self, data: Any) -> str:
        if not (isinstance(data, str) and CODE.fullmatch(data)):
            self.fail("invalid")
        return data

    def to_representation(self, value: str) -> str:
        return value


class DayField(serializers.DateField):
    default_error_messages = {"required": REQUIRED, "invalid": "День нужен в виде 2026-11-24."}

    def to_internal_value(self, value: Any) -> date:
        if not (isinstance(value, str) and DAY.fullmatch(value)):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class FlagField(serializers.BooleanField):
    default_error_messages = {"required": REQUIRED, "invalid": "Значение должно быть true или false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class KindField(serializers.ChoiceField):
    default_error_messages = {"required": REQUIRED, "invalid_choice": "Такого вида нет.", "null": "Такого вида нет."}

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data) if isinstance(data, str) else self.fail("invalid_choice", input=data)


class TextSchema(OpenApiSerializerFieldExtension):
    target_class = "finance.rest.fields.TextField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "response":
            return {"type": "string"}
        return {"type": "string", "maxLength": self.target.max_length, "pattern": r"^[^\x00]*$"}


class AmountSchema(OpenApiSerializerFieldExtension):
    target_class = "finance.rest.fields.AmountField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "response":
            return {"type": "string", "format": "decimal"}
        sign = "" if self.target.positive else "-?"
        # Not zero: some digit is none.
        return {"type": "string", "pattern": rf"^{sign}(?=[0-9.]*[1-9])[0-9]{{1,12}}(\.[0-9]{{1,2}})?$"}


class CurrencySchema(OpenApiSerializerFieldExtension):
    target_class = "finance.rest.fields.CurrencyField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["BYN"]}
