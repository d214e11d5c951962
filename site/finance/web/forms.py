from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from finance import statements
from finance.models import Salary, Transaction
from finance.web.fields import AmountField, CurrencyField, DayField, MonthField

LONGEST_QUESTION = 2_000
DIRECTIONS = (("spending", _("Расход")), ("income", _("Приход")))


class TransactionForm(forms.ModelForm):
    date = DayField(label=_("Дата"))
    direction = forms.ChoiceField(label=_("Расход или приход"), choices=DIRECTIONS)
    amount = AmountField(label=_("Сумма"))
    currency = CurrencyField(label=_("Валюта"), initial="BYN")

    class Meta:
        model = Transaction
        fields = (
            "date",
            "direction",
            "amount",
            "currency",
            "category",
            "counterparty",
            "description",
            "account",
            "is_transfer",
        )
        widgets = {"category": forms.TextInput(attrs={"list": "categories", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["direction"] = "income" if self.instance.amount > 0 else "spending"
            self.initial["amount"] = abs(self.instance.amount)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("amount") and cleaned.get("direction") == "spending":
            cleaned["amount"] = -cleaned["amount"]
        return cleaned


class SalaryForm(forms.ModelForm):
    date = DayField(label=_("Дата выплаты"))
    period = MonthField(label=_("За месяц"), required=False, help_text=_("Пусто — месяц выплаты."))
    amount = AmountField(label=_("Сумма"))
    currency = CurrencyField(label=_("Валюта"), initial="BYN")

    class Meta:
        model = Salary
        fields = ("date", "period", "kind", "amount", "currency", "is_gross", "employer", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("date") and not cleaned.get("period"):
            cleaned["period"] = cleaned["date"].replace(day=1)
        return cleaned


class CategorizeForm(forms.Form):
    """Rows that are ticked, and the category that they all get; an empty one takes theirs away."""

    chosen = forms.TypedMultipleChoiceField(coerce=int)
    category = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.getlist("chosen") if hasattr(self.data, "getlist") else []
        numbers = [int(text) for text in asked[:1_000] if text.isascii() and text.isdigit() and len(text) < 19]
        # Another's row is no choice, as an absent one is none.
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(pk, pk) for pk in own.filter(pk__in=numbers).values_list("pk", flat=True)]
        self.not_own = set(numbers) - {pk for pk, _ in chosen.choices}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Файл"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV, XLSX или обмен с 1С, до 5 МБ и 20 000 строк."),
        error_messages={"required": _("Выберите файл."), "invalid": _("Выберите файл.")},
    )

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > statements.MAX_BYTES:
            raise forms.ValidationError(_("Файл больше 5 МБ. Разделите его, например по годам."))
        return self.cleaned_data["file"]


class ColumnsForm(forms.Form):
    """Which column of an unknown file is what."""

    default_currency = CurrencyField(label=_("Валюта, если её нет в файле"), initial="BYN")
    all_spent = forms.BooleanField(label=_("Суммы без минуса — расходы"), required=False)

    def __init__(self, *args: Any, header: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(number), name or f"№ {number + 1}") for number, name in enumerate(header)]
        choices = [("", _("— нет —")), *named]
        guessed = statements.columns_guessed(header)
        for name, (title, _words) in statements.COLUMNS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=title,
                choices=choices,
                required=name == "date",
                coerce=int,
                empty_value=None,
                initial=str(guessed.get(name, "")),
            )
        self.order_fields([*statements.COLUMNS, "default_currency", "all_spent"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(cleaned.get(name) is None for name in ("amount", "income", "spending")):
            raise forms.ValidationError(_("Укажите колонку с суммой: одну со знаком или приход и расход."))
        return cleaned

    @property
    def columns(self) -> dict[str, int]:
        found = {name: self.cleaned_data.get(name) for name in statements.COLUMNS}
        return {name: number for name, number in found.items() if number is not None}


class AnalysisForm(forms.Form):
    since = DayField(label=_("С"), required=False)
    until = DayField(label=_("По"), required=False)
    question = forms.CharField(
        label=_("Что узнать"),
        required=False,
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Пусто — общий разбор: на что уходят деньги и что меняется."),
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (since := cleaned.get("since")) and (until := cleaned.get("until")) and since > until:
            raise forms.ValidationError(_("Начало периода позже его конца."))
        return cleaned
