"""Priorbank (Belarus): a file of sections, one for each card, and one for what is only blocked yet."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.exceptions import LeftOut
from finance.statements import values
from finance.statements.cells import Line
from finance.statements.layouts import Layout, Record, normalised
from finance.statements.rows import Row

CURRENCY_BEFORE = "валюта контракта"
SECTION = "операции по"
BLOCKED = "заблокированные суммы"
TOTALS = "всего по контракту"


class Priorbank(Layout):
    name, title, decimal_sign = "priorbank", gettext_lazy("Приорбанк"), ","
    header = frozenset({"дата транзакции", "операция", "сумма", "валюта", "обороты по счету", "категория операции"})

    def __init__(self) -> None:
        self.account, self.currency, self.is_blocked = "", "BYN", False

    def records(self, lines: list[Line]) -> Iterator[tuple[int, list[str], list[str]]]:
        """(line, header, cells) of each operation; what stands between them says which card and currency it is."""
        header: list[str] = []
        skipping = False
        for number, cells in lines:
            first = normalised(cells[0])
            if not header:
                self.read_preamble(cells)
            if first.startswith((SECTION, BLOCKED)):
                self.account = f"…{cells[0].split()[-1].strip('.*')}"
                self.is_blocked, skipping = first.startswith(BLOCKED), False
            elif first.startswith("дата транзакции"):
                header = [normalised(cell) for cell in cells]
            elif first.startswith(TOTALS):
                skipping = True
            elif header and not skipping:
                yield number, header, cells

    def read_preamble(self, cells: list[str]) -> None:
        for cell in cells:
            if CURRENCY_BEFORE in normalised(cell):
                self.currency = values.currency(cell.split()[-1])

    def read(self, line: int, record: Record) -> list[Row]:
        if self.is_blocked:
            raise LeftOut(_("заблокирована, но ещё не списана"))
        record = {**record, "валюта счета": self.currency, "карта": self.account}
        columns: dict[str, Any] = {"counterparty": "операция", "category": "категория операции", "account": "карта"}
        row = self.row(
            line, record, date="дата транзакции", amount="обороты по счету", currency="валюта счета", **columns
        )
        paid = f"{record['сумма'].strip()} {record['валюта'].strip()}"
        # What was paid in another currency stands beside what it came to on the account.
        other = values.words(paid, 60) if record["валюта"].strip() != self.currency else ""
        return [replace(row, description=other)]
