"""What the address of the rates page asks for, and the sum that comes of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gemini.sources import SourceFailure
from gemini.sources.nbrb.rates import BYN, DAYS_AHEAD, FIRST_DAY, Rate, convert, of_byn, today
from gemini.sources.nbrb.sources import MAIN, amount_of
from gemini.web.rate_board import Board
from gemini.web.rate_history import LENGTHS

PERIOD = "30d"


@dataclass(frozen=True, slots=True)
class Asked:
    date: date
    currency: str
    period: str


@dataclass(frozen=True, slots=True)
class Conversion:
    amount: Decimal
    source: Rate
    target: Rate
    result: Decimal
    # What it rests on; without BYN, which is always itself.
    rates: list[Rate]


class CurrencyField(forms.CharField):
    """Three letters, of which the page offers those that have a rate that day."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()


class RatesForm(forms.Form):
    """Of what is missing the usual is meant; what is wrong is said, and the usual is shown."""

    amount = forms.CharField(label=_("Сумма"), max_length=24, required=False)
    source = CurrencyField(label=_("Из"), required=False, widget=forms.Select)
    target = CurrencyField(label=_("В"), required=False, widget=forms.Select)
    date = forms.DateField(
        label=_("На день"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Такого дня нет.")},
    )
    currency = forms.RegexField("^[A-Z]{3}$", required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(choices=LENGTHS.items(), required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict) -> None:
        usual = {"amount": "100", "from": "USD", "to": BYN, "date": str(today()), "currency": "USD", "period": PERIOD}
        super().__init__(usual | {name: value for name, value in query.items() if value}, auto_id="rates_%s")
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        last = today() + timedelta(days=DAYS_AHEAD)
        self.fields["date"].widget.attrs |= {"min": str(FIRST_DAY), "max": str(last)}

    def add_prefix(self, field_name: str) -> str:
        """`from` is a word of Python's, and no name of a field."""
        return {"source": "from", "target": "to"}.get(field_name, field_name)

    @property
    def asked(self) -> Asked:
        """What of the question makes sense."""
        self.is_valid()
        found = self.cleaned_data
        return Asked(found.get("date") or today(), found.get("currency") or "USD", found.get("period") or PERIOD)

    def offer(self, board: Board) -> None:
        """The currencies of the day, and what was typed into the address, whatever it is."""
        known = [line.rate for line in board.lines]
        names = {BYN: of_byn(board.asked).name} | (
            {rate.currency: rate.name for rate in known} or dict.fromkeys(MAIN, "")
        )
        for name in ("source", "target"):
            widget = self.fields[name].widget
            assert isinstance(widget, forms.Select)
            asked = {str(self[name].value()).upper(): ""}
            widget.choices = [(code, f"{code} {title}".strip()) for code, title in (asked | names).items()]
            if known and (code := self.cleaned_data.get(name)) and code not in names:
                self.add_error(name, _("Курса этой валюты на этот день нет."))

    def clean_amount(self) -> Decimal:
        try:
            return amount_of(self.cleaned_data["amount"])
        except SourceFailure as failure:
            raise forms.ValidationError(_("Сумма нужна числом, например 1250.50.")) from failure


def converted(form: RatesForm, board: Board) -> Conversion | None:
    """The sum by the rates of a day; None when there are none."""
    if board.rates is None:
        return None
    known = {BYN: of_byn(board.rates.date)} | board.rates.by_currency
    asked = form.cleaned_data
    source, target = known[asked["source"]], known[asked["target"]]
    used = [rate for rate in dict.fromkeys((source, target)) if rate.currency != BYN]
    return Conversion(asked["amount"], source, target, convert(asked["amount"], source, target), used)
