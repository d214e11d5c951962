"""What the address of the vacancies page asks for, in the words of the source that the model asks, too."""

import json
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gemini.sources.vacancies.sources import FILTERS, NAMES
from gemini.web.forms import MessageForm, fresh_key

ANY = ("", _("Любой"))
# As far as the provider goes: 2000 vacancies by 20.
LAST_PAGE = 100
QUESTION = _(
    "Разбери найденные вакансии: чего хотят работодатели, какие навыки встречаются чаще, как платят и за что. "
    "На какие откликнуться в первую очередь и как к ним подготовиться?"
)


class VacancyForm(forms.Form):
    text = forms.CharField(
        label=_("Должность, навык или компания"),
        max_length=FILTERS["text"]["maxLength"],
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"required": _("Напишите, какую работу искать.")},
    )
    area = forms.CharField(
        label=_("Где"),
        max_length=FILTERS["area"]["maxLength"],
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Минск, Москва, Беларусь…")}),
    )
    experience = forms.ChoiceField(label=_("Опыт"), choices=[ANY, *NAMES["experience"].items()], required=False)
    salary_from = forms.IntegerField(
        label=_("Оплата от"), min_value=1, max_value=FILTERS["salary_from"]["maximum"], required=False
    )
    currency = forms.ChoiceField(
        label=_("Валюта"), choices=[(code, code) for code in FILTERS["currency"]["enum"]], required=False
    )
    only_with_salary = forms.BooleanField(label=_("Только с указанной оплатой"), required=False)
    page = forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query if query else None, auto_id="vacancies_%s")

    @property
    def is_untouched(self) -> bool:
        return not self.is_bound

    @property
    def arguments(self) -> dict[str, Any]:
        """Of the source `vacancies_search`; of a valid form."""
        found = {name: value for name, value in self.cleaned_data.items() if value}
        # A currency without a sum narrows nothing.
        if "salary_from" not in found:
            found.pop("currency", None)
        return {**found, "page": found.get("page", 1) - 1}


class QuestionForm(MessageForm):
    """What is asked about the found set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"idempotency_key": fresh_key(), "content": QUESTION})
        super().__init__(*args, auto_id="question_%s", **kwargs)
        field = self.fields["content"]
        field.label = _("Вопрос о найденном")
        field.widget.attrs = {"rows": 3}

    def sent_with(self, search: VacancyForm) -> str:
        """As `sent_as`, with the search: the browser's Back restores an old key over another one."""
        return f"{self.sent_as} {json.dumps(search.arguments, sort_keys=True)}" if self.sent_as else ""
