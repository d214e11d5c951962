from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gemini.exceptions import MESSAGES
from gemini.transfer.importing import MAX_BYTES


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Файл выгрузки (.json)"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Выберите файл."), "empty": _("Файл пуст.")},
    )
    known = forms.ChoiceField(
        label=_("Чаты, которые здесь уже есть"),
        choices=[("skip", _("пропустить")), ("copy", _("добавить ещё раз, копиями"))],
        initial="skip",
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(MESSAGES["import_too_large"].format(limit=MAX_BYTES // 2**20))
        return file

    @property
    def copies(self) -> bool:
        return self.cleaned_data["known"] == "copy"
