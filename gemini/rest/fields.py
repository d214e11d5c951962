"""DRF's fields, as strict as the schema says, and in the specification's words."""

import datetime
from typing import Any

from django.db import models
from rest_framework import serializers

from gemini.access import session_for
from gemini.conf import MAX_MESSAGE_LENGTH, MAX_TITLE_LENGTH
from gemini.exceptions import InvalidMessage
from gemini.models import ChatSession
from gemini.texts import clean_message, clean_title

REQUIRED = "Это поле обязательно для заполнения."
NOT_A_STRING = "Значение должно быть строкой."
NOT_A_BOOLEAN = "Значение должно быть true или false."


class StrictCharField(serializers.CharField):
    """A string and nothing that could be taken for one."""

    default_error_messages = {"required": REQUIRED, "invalid": NOT_A_STRING}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class CleanedField(StrictCharField):
    """Text by the rules, and in the words, that every interface has for it."""

    def clean(self, text: str) -> str:
        raise NotImplementedError

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # DRF would look for blanks and NULs first, and has other words for them.
        is_empty, data = self.validate_empty_values(data)
        return data if is_empty else self.to_internal_value(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            return self.clean(data)
        except InvalidMessage as error:
            raise serializers.ValidationError(error.message, code=error.code) from error


class MessageField(CleanedField):
    def __init__(self, **kwargs: Any) -> None:
        self.limit: int = kwargs.setdefault("max_length", MAX_MESSAGE_LENGTH)
        super().__init__(**kwargs)

    def clean(self, text: str) -> str:
        return clean_message(text, self.limit)


class TitleField(CleanedField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TITLE_LENGTH, **kwargs)

    def clean(self, text: str) -> str:
        return clean_title(text)


class StrictBooleanField(serializers.BooleanField):
    default_error_messages = {"required": REQUIRED, "invalid": NOT_A_BOOLEAN}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class StrictIntegerField(serializers.IntegerField):
    default_error_messages = {"required": REQUIRED}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictFloatField(serializers.FloatField):
    default_error_messages = {"required": REQUIRED}

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class RoleField(serializers.ChoiceField):
    default_error_messages = {
        "required": REQUIRED,
        "invalid_choice": "Неверная роль сообщения",
        "null": "Неверная роль сообщения",
    }

    def to_internal_value(self, data: Any) -> Any:
        # `str(data)`, which DRF compares, makes a choice of anything whose text happens to be one.
        return super().to_internal_value(data) if isinstance(data, str) else self.fail("invalid_choice", input=data)


class OwnSessionField(serializers.IntegerField):
    """The id of one of the caller's sessions; any other id is `SessionNotFound`, so 404 and not 400."""

    default_error_messages = {"required": REQUIRED}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return session_for(self.context["request"].user, data)

    def to_representation(self, value: Any) -> int:
        return value.pk if isinstance(value, ChatSession) else int(value)


class ModelSerializer(serializers.ModelSerializer[Any]):
    """With our fields; times are UTC, whatever time zone the pages show."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: StrictCharField,
        models.TextField: StrictCharField,
        models.BooleanField: StrictBooleanField,
    }

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[type, dict[str, Any]]:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if issubclass(field_class, serializers.DateTimeField):
            kwargs["default_timezone"] = datetime.UTC
        return field_class, kwargs
