import uuid
from typing import Any

from allauth.socialaccount import forms
from django.forms import CharField, Form, HiddenInput, Textarea
from django.utils.translation import gettext_lazy as _

from google_oauth.prompts import MAX_QUESTION


class SignupForm(forms.SignupForm):
    """Shown when the address of a Google account is taken here, so that another is chosen, or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Другой e-mail (можно не указывать)")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class AnalysisForm(Form):
    idempotency_key = CharField(widget=HiddenInput, required=False, max_length=100)
    question = CharField(
        label=_("Что узнать"),
        required=False,
        max_length=MAX_QUESTION,
        help_text=_("Пусто — общий разбор: нагрузка, пересечения, свободное время, подготовка к ближайшей встрече."),
        widget=Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"idempotency_key": uuid.uuid4().hex})
        super().__init__(*args, **kwargs)

    def sent_as(self, text: str) -> str:
        """The key with the text: the browser's Back restores an old key over another period."""
        key = self.cleaned_data["idempotency_key"]
        return f"{key} {text}" if key else ""
