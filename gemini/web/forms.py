import uuid
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gemini import conf, texts
from gemini.exceptions import InvalidMessage
from gemini.models import ChatSession, GeminiSettings


class MessageForm(forms.Form):
    content = forms.CharField(
        label=_("Сообщение"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Сообщение…"), "autofocus": True}),
        error_messages={"required": _("Сообщение не может быть пустым")},
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"idempotency_key": uuid.uuid4().hex})
        super().__init__(*args, **kwargs)
        # Django's own refusal of a NUL would come first, in other words than `clean_message` has for it.
        self.fields["content"].validators.clear()

    def clean_content(self) -> str:
        try:
            return texts.clean_message(self.cleaned_data["content"])
        except InvalidMessage as error:
            raise forms.ValidationError(error.message) from error

    @property
    def sent_as(self) -> str:
        """The key with the text: the browser's Back restores an old key under a new text."""
        key = self.cleaned_data["idempotency_key"]
        return f"{key} {self.cleaned_data['content']}" if key else ""


class TitleForm(forms.ModelForm):
    class Meta:
        model = ChatSession
        fields = ("title",)

    def save(self, commit: bool = True) -> ChatSession:
        self.instance.title_origin = ChatSession.TitleOrigin.HAND
        return super().save(commit)


class SettingsForm(forms.ModelForm):
    api_key = forms.CharField(
        label=_("Ключ API"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Хранится зашифрованным и больше не показывается. Пустое поле оставляет прежний ключ."),
    )
    forget_key = forms.BooleanField(label=_("Забыть сохранённый ключ"), required=False)
    temperature = forms.FloatField(
        label=_("Температура"),
        required=False,
        validators=[MinValueValidator(0.0), MaxValueValidator(2.0)],
        widget=forms.NumberInput(attrs={"step": "0.1", "min": "0", "max": "2"}),
        help_text=_("От 0 (строже) до 2 (свободнее). Новые модели могут её не учитывать."),
    )
    max_output_tokens = forms.IntegerField(
        label=_("Длина ответа, токенов"),
        required=False,
        min_value=1,
        max_value=65_536,
        help_text=_("Пусто — сколько позволяет модель."),
    )

    class Meta:
        model = GeminiSettings
        fields = ("model", "temperature", "max_output_tokens", "system_instruction")
        labels = {"model": _("Модель"), "system_instruction": _("Системная инструкция")}
        help_texts = {"system_instruction": _("Что модель должна знать и учитывать в каждом ответе.")}
        widgets = {
            "model": forms.TextInput(attrs={"list": "models", "autocomplete": "off", "spellcheck": "false"}),
            "system_instruction": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].widget.attrs["placeholder"] = conf.get("GEMINI_MODEL")

    def clean_api_key(self) -> str:
        key = self.cleaned_data["api_key"].strip()
        # The key travels as a header: a letter pasted by mistake would fail there, far from this form.
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise forms.ValidationError(_("Ключ состоит из латинских букв, цифр и знаков, без пробелов."))
        return key

    def clean_model(self) -> str:
        return self.cleaned_data["model"].strip().removeprefix("models/")

    def save(self, commit: bool = True) -> GeminiSettings:
        if self.cleaned_data["api_key"]:
            self.instance.api_key = self.cleaned_data["api_key"]
        elif self.cleaned_data["forget_key"]:
            self.instance.api_key = ""
        return super().save(commit)
