from collections.abc import Callable
from typing import Any

from django import forms
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from gemini import conf, placeholders
from gemini.exceptions import GeminiError
from gemini.models import PromptTemplate

TOO_MANY_GAPS = _("Пропусков может быть не больше %(limit)s.")
NAME_TAKEN = _("Заготовка с таким названием уже есть.")


class PromptForm(forms.ModelForm):
    class Meta:
        model = PromptTemplate
        fields = ("name", "text")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("Перевод")}),
            "text": forms.Textarea(attrs={"rows": 8, "placeholder": _("Переведи {текст} на {язык}")}),
        }
        help_texts = {
            "name": _("По нему заготовку находят, когда в чате набрано «/»."),
            "text": _("Слова в фигурных скобках — {язык}, {текст} — спросят при каждом использовании."),
        }

    def __init__(self, *args: Any, keep: Callable[[PromptTemplate], Any], **kwargs: Any) -> None:
        self._keep = keep
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = PromptTemplate.objects.for_user(self.instance.user).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return name

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(placeholders.names_in(text)) > placeholders.MAX_GAPS:
            raise forms.ValidationError(TOO_MANY_GAPS % {"limit": placeholders.MAX_GAPS})
        return text

    def keep(self) -> bool:
        """Stores the prompt, or adds the error that forbids it: another request may have been quicker."""
        try:
            self._keep(self.instance)
        except IntegrityError:
            self.add_error("name", NAME_TAKEN)
        except GeminiError as error:
            self.add_error(None, error.message)
        return self.is_valid()


class GapsForm(forms.Form):
    """What fills the gaps of a prompt, a field each; one that is left empty stays a gap in the text."""

    def __init__(self, *args: Any, prompt: PromptTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prompt = prompt
        self.names = placeholders.names_in(prompt.text)[: placeholders.MAX_GAPS]
        for number, name in enumerate(self.names, 1):
            self.fields[f"gap{number}"] = forms.CharField(
                label=name[:1].upper() + name[1:],
                required=False,
                max_length=conf.MAX_MESSAGE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 1, "autofocus": number == 1}),
            )

    @property
    def values(self) -> dict[str, str]:
        """By field, without those that are empty."""
        return {field: value for field, value in getattr(self, "cleaned_data", {}).items() if value}

    @property
    def filled(self) -> str:
        values = self.values
        return placeholders.fill(
            self.prompt.text, {name: values.get(f"gap{number}", "") for number, name in enumerate(self.names, 1)}
        )
