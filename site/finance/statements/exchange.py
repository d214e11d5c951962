"""The exchange of 1C with banks: a text of sections, each with lines `Name=value`."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from finance.exceptions import Unreadable, UnreadableFile
from finance.statements import values
from finance.statements.rows import LENGTHS, Note, Row, Statement

Section = dict[str, str]
# Digits 6 to 8 of a Russian account say its currency; an IBAN of Belarus does not.
CURRENCY_DIGITS = slice(5, 8)


def read(text: str) -> Statement:
    own, documents = set(), []
    for line, name, section in sections(text):
        if name == "СекцияДокумент":
            documents.append((line, section))
        elif account := section.get("РасчСчет"):
            own.add(account)
    if not documents:
        raise UnreadableFile(_("В файле обмена с 1С нет ни одного документа."))
    statement = Statement("1c")
    for line, section in documents:
        try:
            statement.rows += rows_of(line, section, own)
        except Unreadable as error:
            statement.problems.append(Note(line, str(error), values.words(section.get("НазначениеПлатежа", ""), 120)))
    return statement


def sections(text: str) -> Iterator[tuple[int, str, Section]]:
    """Sections with the line that each begins at; what is outside them is one too, and comes first."""
    outside: Section = {}
    found: list[tuple[int, str, Section]] = [(1, "", outside)]
    current = outside
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        name, _equals, value = line.strip().partition("=")
        if name.startswith("Секция"):
            current = {}
            found.append((number, name, current))
        elif name.startswith("Конец"):
            current = outside
        elif name:
            # Several accounts of one's own stand in lines of one name.
            key = name if name != "РасчСчет" or name not in current else f"{name} {number}"
            current[key] = value.strip()
    for name, value in list(outside.items()):
        if name.startswith("РасчСчет "):
            found.append((1, "", {"РасчСчет": value}))
    yield from found


def rows_of(line: int, section: Section, own: set[str]) -> list[Row]:
    payer, payee = section.get("ПлательщикСчет", ""), section.get("ПолучательСчет", "")
    amount = values.amount(section.get("Сумма", ""), ".")
    sides = [
        (payer, -amount, section.get("ДатаСписано"), section.get("Получатель", "")),
        (payee, amount, section.get("ДатаПоступило"), section.get("Плательщик", "")),
    ]
    mine = [side for side in sides if side[0] in own]
    if not mine:
        raise Unreadable(_("ни один из счетов документа не назван своим"))
    return [
        Row(
            line=line,
            date=values.day(booked or section.get("Дата", "")),
            moment=f"{section.get('Номер', '')} {booked or section.get('Дата', '')}",
            amount=signed,
            currency=values.currency(account[CURRENCY_DIGITS], "RUB") if account[:20].isdecimal() else "BYN",
            counterparty=values.words(other, LENGTHS["counterparty"]),
            description=values.words(section.get("НазначениеПлатежа", ""), LENGTHS["description"]),
            account=values.words(account, LENGTHS["account"]),
            is_transfer=len(mine) == 2,
        )
        for account, signed, booked, other in mine
    ]
