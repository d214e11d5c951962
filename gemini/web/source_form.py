"""A small form for what a source may be asked, made from its JSON schema; the schema has the last word."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gemini.sources import ContextBlock, ContextSource
from gemini.sources.arguments import MAX_TEXT, checked

# Gemini's schemas know no format of a day, so that descriptions name it.
DAY = "YYYY-MM-DD"
PREFIX = "data"


class SourceForm(forms.Form):
    """For one source. Nothing is required by the browser: the fields stand in the form of the composer."""

    use_required_attribute = False

    def __init__(self, source: ContextSource, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=PREFIX, auto_id="attach_%s")
        self.source = source
        known: dict[str, Any] = source.parameters.get("properties", {})
        required = source.parameters.get("required", ())
        for name in source.by_hand or known:
            self.fields[name] = field_of(source, name, known[name], required=name in required)

    def clean(self) -> dict[str, Any]:
        self.arguments, wrong = checked(self.source.parameters, {**self.meant})
        if wrong and not self.errors:
            self.blame(wrong)
        return self.cleaned_data

    @property
    def meant(self) -> dict[str, Any]:
        """What is empty was not meant; a box that is not checked, neither."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}

    def blame(self, wrong: str) -> None:
        """Says it at the field that is alone enough to be refused, else over all."""
        known = self.source.parameters["properties"]
        for name, value in self.meant.items():
            if checked({"properties": {name: known[name]}}, {name: value})[1]:
                return self.add_error(name, known[name].get("description") or _("Недопустимое значение."))
        return self.add_error(None, wrong)

    @property
    def block(self) -> ContextBlock:
        """Of a valid form."""
        return ContextBlock(self.source.name, self.arguments)


class WordsField(forms.CharField):
    """Several words in one line, by commas or spaces."""

    def clean(self, value: Any) -> Any:
        return re.findall(r"[^\s,;]+", super().clean(value) or "")


def field_of(source: ContextSource, name: str, schema: dict[str, Any], *, required: bool) -> forms.Field:
    described = schema.get("description", "")
    common: dict[str, Any] = {
        "label": source.labels.get(name) or described or name,
        "required": required,
        "error_messages": {"required": _("Заполните это поле.")},
    }
    if "enum" in schema:
        names = source.names.get(name, {})
        choices = [("", "—"), *((value, names.get(value, value)) for value in schema["enum"])]
        return forms.ChoiceField(choices=choices, **common)
    match schema.get("type"):
        case "boolean":
            return forms.BooleanField(**{**common, "required": False})
        case "integer":
            bounds: dict[str, Any] = {"min_value": schema.get("minimum"), "max_value": schema.get("maximum")}
            return forms.IntegerField(**bounds, **common)
        case "array":
            return WordsField(max_length=MAX_TEXT, help_text=described, **common)
    if DAY in described:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return TextDateField(widget=widget, input_formats=["%Y-%m-%d"], **common)
    return forms.CharField(max_length=schema.get("maxLength", MAX_TEXT), help_text=described, **common)


class TextDateField(forms.DateField):
    """A day as the text that JSON has for it."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if day else ""
