"""The files that are recognised by their header, whatever the bank's name on them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.exceptions import LeftOut, Unreadable
from finance.statements import values
from finance.statements.rows import LENGTHS, Row

Record = Mapping[str, str]


def normalised(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").replace("ё", "е").split()).casefold()


class Layout(ABC):
    """`header` names the columns that this kind of file has and that others have not all of."""

    name: ClassVar[str]
    title: ClassVar[Any]
    header: ClassVar[frozenset[str]]
    kind: ClassVar[str] = "transactions"
    decimal_sign: ClassVar[str] = ""
    # Whether people fill it in, who leave off what is empty at the end; in a bank's file a short row is a broken one.
    by_hand: ClassVar[bool] = False

    @abstractmethod
    def read(self, line: int, record: Record) -> list[Row]:
        """The rows of one record, mostly one. Raises `Unreadable` and `LeftOut`."""

    def row(self, line: int, record: Record, *, date: str, amount: str, currency: str, **columns: str) -> Row:
        texts: dict[str, Any] = {
            name: values.words(record.get(column, ""), LENGTHS[name]) for name, column in columns.items()
        }
        return Row(
            line=line,
            date=values.day(record[date]),
            moment=record[date].strip()[:40],
            amount=values.amount(record[amount], self.decimal_sign),
            currency=values.currency(record[currency]),
            **texts,
        )


class TBank(Layout):
    """Both of T-Bank's files call what did not happen by a word of their own."""

    done: ClassVar[str]

    def refuse_undone(self, record: Record) -> None:
        status = record["статус"].strip()
        if status.casefold() != self.done.casefold():
            raise LeftOut(_("не проведена банком: «%(status)s»") % {"status": status[:40]})


class TBank2026(TBank):
    name, title, done, decimal_sign = "tbank-2026", gettext_lazy("Т-Банк"), "Ок", ","
    header = frozenset({"имя счета", "сумма в валюте счета", "валюта счета", "статус", "дата операции", "описание"})

    def read(self, line: int, record: Record) -> list[Row]:
        self.refuse_undone(record)
        # The user's own category wins over the bank's.
        category = "ваша категория" if record.get("ваша категория", "").strip() else "категория по-умолчанию"
        return [
            self.row(
                line,
                record,
                date="дата операции",
                amount="сумма в валюте счета",
                currency="валюта счета",
                category=category,
                counterparty="описание",
                description="сообщение",
                account="имя счета",
            )
        ]


class TBankClassic(TBank):
    name, title, done, decimal_sign = "tbank", gettext_lazy("Т-Банк (прежний формат)"), "OK", ","
    header = frozenset({"дата операции", "дата платежа", "статус", "сумма платежа", "валюта платежа", "описание"})

    def read(self, line: int, record: Record) -> list[Row]:
        self.refuse_undone(record)
        return [
            self.row(
                line,
                record,
                date="дата операции",
                amount="сумма платежа",
                currency="валюта платежа",
                category="категория",
                counterparty="описание",
                account="номер карты",
            )
        ]


class AlfaRussia(Layout):
    name, title, decimal_sign = "alfa-ru", gettext_lazy("Альфа-Банк (Россия)"), "."
    header = frozenset({"operationdate", "transactiondate", "merchant", "amount", "currency", "status", "type"})

    def read(self, line: int, record: Record) -> list[Row]:
        status, direction = record["status"].strip(), record["type"].strip().casefold()
        if status.casefold() not in ("", "выполнен"):
            raise LeftOut(_("не проведена банком: «%(status)s»") % {"status": status[:40]})
        if direction not in ("списание", "пополнение"):
            raise Unreadable(_("неясно, приход это или расход: «%(text)s»") % {"text": record["type"][:40]})
        row = self.row(
            line,
            record,
            date="operationdate",
            amount="amount",
            currency="currency",
            category="category",
            counterparty="merchant",
            description="comment",
            account="accountname",
        )
        return [signed(row, spent=direction == "списание")]


class ZenMoney(Layout):
    name, title, decimal_sign = "zenmoney", gettext_lazy("Дзен-мани"), "."
    header = frozenset({"date", "categoryname", "payee", "outcome", "outcomecurrencyshorttitle", "income"})

    def read(self, line: int, record: Record) -> list[Row]:
        out, into = self.side(line, record, "outcome"), self.side(line, record, "income")
        sides = [row for row in (signed(out, spent=True), into) if row.amount]
        if not sides:
            raise LeftOut(_("сумма равна нулю"))
        if len(sides) == 2:
            sides = [replace(row, is_transfer=True) for row in sides]
        return sides

    def side(self, line: int, record: Record, side: str) -> Row:
        record = {**record, side: record[side].strip() or "0"}
        return self.row(
            line,
            record,
            date="date",
            amount=side,
            currency=f"{side}currencyshorttitle",
            category="categoryname",
            counterparty="payee",
            description="comment",
            account=f"{side}accountname",
        )


class OwnTransactions(Layout):
    name, title, by_hand = "template", gettext_lazy("наш шаблон операций"), True
    header = frozenset({"дата", "сумма", "валюта", "категория", "кому или от кого", "описание"})

    def read(self, line: int, record: Record) -> list[Row]:
        row = self.row(
            line,
            record,
            date="дата",
            amount="сумма",
            currency="валюта",
            category="категория",
            counterparty="кому или от кого",
            description="описание",
            account="счет",
        )
        return [replace(row, is_transfer=values.yes(record.get("перевод", "")))]


class OwnSalaries(Layout):
    name, title, kind, by_hand = "salaries", gettext_lazy("наш шаблон зарплат"), "salaries", True
    header = frozenset({"дата", "тип", "сумма", "валюта", "работодатель", "до налогов"})
    kinds: ClassVar = {"аванс": "advance", "зарплата": "salary", "премия": "bonus", "отпускные": "vacation"}

    def read(self, line: int, record: Record) -> list[Row]:
        row = self.row(
            line, record, date="дата", amount="сумма", currency="валюта", employer="работодатель", note="комментарий"
        )
        if row.amount <= 0:
            raise Unreadable(_("зарплата должна быть больше нуля"))
        month = record.get("за месяц", "").strip()
        return [
            replace(
                row,
                period=values.month(month) if month else row.date.replace(day=1),
                kind=self.kinds.get(record["тип"].strip().casefold(), "other"),
                is_gross=values.yes(record["до налогов"]),
            )
        ]


def signed(row: Row, *, spent: bool) -> Row:
    return replace(row, amount=-abs(row.amount) if spent else abs(row.amount))
