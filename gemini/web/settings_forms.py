import re
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gemini import keys
from gemini.models import ChatSession, GeminiSettings
from gemini.prompts import DEFAULT_OUTPUT_LIMIT
from gemini.service import ModelInfo

MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class AnswerForm(forms.ModelForm):
    """What shapes answers, of a user or of one chat. The model is chosen, or typed: not every alias is in a list."""

    # Any text is valid: the list may be older than the choice, or not to be had.
    model = forms.CharField(label=_("Модель"), required=False, max_length=100, widget=forms.Select)
    model_name = forms.CharField(
        label=_("Имя модели"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Если заполнено, важнее выбранного в списке."),
    )
    temperature = forms.FloatField(
        label=_("Температура"),
        required=False,
        validators=[MinValueValidator(0.0), MaxValueValidator(2.0)],
        widget=forms.NumberInput(attrs={"step": "0.1", "min": "0", "max": "2", "inputmode": "decimal"}),
        help_text=_("От 0 (строже) до 2 (свободнее). Новые модели могут её не учитывать."),
    )
    max_output_tokens = forms.IntegerField(
        label=_("Длина ответа, токенов"),
        required=False,
        min_value=1,
        max_value=DEFAULT_OUTPUT_LIMIT,
        help_text=_("Пусто — сколько позволяет модель."),
    )

    # What the empty choice stands for, with `{model}` for the name.
    nothing_chosen = _("По умолчанию — {model}")

    class Meta:
        fields = ("model", "temperature", "max_output_tokens", "system_instruction")
        labels = {"system_instruction": _("Системная инструкция")}
        help_texts = {"system_instruction": _("Что модель должна знать и учитывать в каждом ответе.")}
        widgets = {"system_instruction": forms.Textarea(attrs={"rows": 4})}

    def offer(self, models: list[ModelInfo], default: str) -> None:
        """Makes the field a choice of these models, beside what is chosen now and nothing, which means `default`."""
        choices = [("", str(self.nothing_chosen).format(model=default))]
        choices += [(model.name, label_of(model)) for model in models]
        chosen = self.chosen
        if chosen and chosen not in dict(choices):
            unlisted = _("{model} (нет в списке ключа)") if models else "{model}"
            choices.append((chosen, str(unlisted).format(model=chosen)))
        self.fields["model"].widget.choices = choices

    @property
    def chosen(self) -> str:
        return str(self["model"].value() or "").strip().removeprefix("models/")

    def clean_model(self) -> str:
        return valid_name(self.cleaned_data["model"])

    def clean_model_name(self) -> str:
        return valid_name(self.cleaned_data["model_name"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if typed := cleaned.get("model_name"):
            cleaned["model"] = typed
        length = cleaned.get("max_output_tokens")
        _input_limit, limit = keys.limits(cleaned.get("model") or "")
        if length and length > limit:
            self.add_error("max_output_tokens", _("Эта модель даёт не больше %(limit)s токенов.") % {"limit": limit})
        return cleaned


def label_of(model: ModelInfo) -> str:
    return f"{model.label} — {model.name}" if model.label and model.label != model.name else model.name


def valid_name(typed: str) -> str:
    name = typed.strip().removeprefix("models/")
    if name and not MODEL_NAME.fullmatch(name):
        raise forms.ValidationError(_("Имя модели состоит из латинских букв, цифр, точек и дефисов."))
    return name


class SettingsForm(AnswerForm):
    api_key = forms.CharField(
        label=_("Ключ API"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Хранится зашифрованным и больше не показывается. Пустое поле оставляет прежний ключ."),
    )
    forget_key = forms.BooleanField(label=_("Забыть сохранённый ключ"), required=False)

    class Meta(AnswerForm.Meta):
        model = GeminiSettings

    def clean_api_key(self) -> str:
        key = self.cleaned_data["api_key"].strip()
        if not keys.is_sendable(key):
            raise forms.ValidationError(_("Ключ состоит из латинских букв, цифр и знаков, без пробелов."))
        return key

    def save(self, commit: bool = True) -> GeminiSettings:
        if self.cleaned_data["api_key"]:
            self.instance.api_key = self.cleaned_data["api_key"]
        elif self.cleaned_data["forget_key"]:
            self.instance.api_key = ""
        return super().save(commit)


class SessionSettingsForm(AnswerForm):
    nothing_chosen = _("Как в настройках — {model}")

    class Meta(AnswerForm.Meta):
        model = ChatSession
        help_texts = {"system_instruction": _("Заменяет в этом чате вашу общую инструкцию.")}
        widgets = {"system_instruction": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["max_output_tokens"].help_text = ""
        self.fields["temperature"].help_text = _("От 0 (строже) до 2 (свободнее).")
