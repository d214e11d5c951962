"""A file with a header that nobody knows: a person says which column is what."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.exceptions import LeftOut, Unreadable
from finance.statements import values
from finance.statements.cells import Line
from finance.statements.layouts import normalised
from finance.statements.reading import rows_from
from finance.statements.rows import LENGTHS, Row, Statement

LAYOUT = "columns"
# What a column may be, and the words by which its name is recognised.
COLUMNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "date": (gettext_lazy("Дата"), ("дата", "date", "день")),
    "amount": (gettext_lazy("Сумма со знаком"), ("сумма", "amount", "sum")),
    "income": (gettext_lazy("Приход"), ("приход", "зачислен", "кредит", "поступл", "income", "credit")),
    "spending": (gettext_lazy("Расход"), ("расход", "списан", "дебет", "outcome", "debit")),
    "currency": (gettext_lazy("Валюта"), ("валюта", "currency")),
    "category": (gettext_lazy("Категория"), ("категория", "category")),
    "counterparty": (gettext_lazy("Кому или от кого"), ("получатель", "контрагент", "payee", "merchant")),
    "description": (gettext_lazy("Описание"), ("описание", "назначение", "операция", "description", "comment")),
    "account": (gettext_lazy("Счёт"), ("счет", "карта", "account", "card")),
}
TEXTS = ("category", "counterparty", "description", "account")


def columns_guessed(header: list[str]) -> dict[str, int]:
    """The columns whose names say what they are, each used once."""
    names = [normalised(cell) for cell in header]
    guessed: dict[str, int] = {}
    for field, (_title, words) in COLUMNS.items():
        free = [number for number in range(len(names)) if number not in guessed.values()]
        found = next((number for word in words for number in free if names[number].startswith(word)), None)
        if found is None:
            found = next((number for word in words for number in free if word in names[number]), None)
        if found is not None:
            guessed[field] = found
    return guessed


def read_by_columns(
    cells: list[Line], columns: Mapping[str, int], *, currency: str = "BYN", all_spent: bool = False
) -> Statement:
    """Reads by the columns named; `currency` where no column says it, `all_spent`: sums without a sign are spending."""

    def read(line: int, record: list[str]) -> list[Row]:
        def cell(name: str) -> str:
            number = columns.get(name, len(record))
            return record[number] if number < len(record) else ""

        texts: dict[str, Any] = {name: values.words(cell(name), LENGTHS[name]) for name in TEXTS}
        return [
            Row(
                line=line,
                date=values.day(cell("date")),
                moment=cell("date").strip()[:40],
                amount=amount_of(cell, all_spent),
                currency=values.currency(cell("currency"), currency),
                **texts,
            )
        ]

    statement = Statement(LAYOUT)
    rows_from(statement, ((line, record, read) for line, record in cells[1:]))
    return statement


def amount_of(cell: Any, all_spent: bool) -> Decimal:
    """One column with a sign, or two without."""
    income, spending = (
        abs(values.amount(cell(name))) if cell(name).strip() else Decimal(0) for name in ("income", "spending")
    )
    if income and spending:
        raise Unreadable(_("и приход, и расход в одной строке"))
    if not (income or spending):
        if not cell("amount").strip() and (cell("income").strip() or cell("spending").strip()):
            raise LeftOut(_("сумма равна нулю"))
        amount = values.amount(cell("amount"))
        return -abs(amount) if all_spent else amount
    return income - spending
