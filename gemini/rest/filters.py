from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import filters
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from gemini.models import ChatMessage, ChatSession
from gemini.openapi import READABLE
from gemini.search import Folded


class Search(filters.SearchFilter):
    """Every word must occur; case does not matter."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        [parameter] = super().get_schema_operation_parameters(view)
        parameter["schema"]["pattern"] = READABLE
        return [parameter]

    def get_search_terms(self, request: Request) -> list[str]:
        try:
            return super().get_search_terms(request)
        except ValidationError as error:
            raise ValidationError({self.search_param: error.detail}) from error


class Ordering(filters.OrderingFilter):
    """By the view's `ordering_fields`, equals by its `ties`; what is not among them is ignored."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        names = self.get_ordering(request, queryset, view) or ()
        # Titles in the order of the alphabet, whatever their case.
        by = [F(name.lstrip("-")) if name.lstrip("-") != "title" else Folded("title") for name in names]
        ordered = [
            expression.desc() if name.startswith("-") else expression.asc()
            for name, expression in zip(names, by, strict=True)
        ]
        return queryset.order_by(*ordered, view.ties)


@extend_schema_field(OpenApiTypes.INT)
class IdFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField

    def get_max_validator(self) -> None:
        return None

    def filter(self, qs: QuerySet[Any], value: int | None) -> QuerySet[Any]:
        # SQLite fails on what no column of it can hold.
        if value is not None and not 0 <= value < 2**63:
            return qs.none()
        return super().filter(qs, value)


class StrictBoolean(forms.Field):
    """`true` or `false`; Django's own takes whatever it does not know for no answer."""

    def to_python(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        known = {"true": True, "1": True, "false": False, "0": False}
        if str(value).lower() not in known:
            raise forms.ValidationError("Значение должно быть true или false.", code="invalid")
        return known[str(value).lower()]


class BooleanFilter(django_filters.Filter):
    field_class = StrictBoolean


class ChatSessionFilter(django_filters.FilterSet):
    is_active = BooleanFilter()

    class Meta:
        model = ChatSession
        fields: list[str] = []


class ChatMessageFilter(django_filters.FilterSet):
    session = IdFilter(field_name="session_id")
    role = django_filters.ChoiceFilter(
        choices=ChatMessage.Role.choices, error_messages={"invalid_choice": "Неверная роль сообщения"}
    )

    class Meta:
        model = ChatMessage
        fields: list[str] = []
