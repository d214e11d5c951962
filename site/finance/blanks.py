"""Our own files to fill in, and the names of those that are recognised."""

import csv
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from finance.statements.mapping import LAYOUT
from finance.statements.reading import LAYOUTS

TRANSACTIONS = (
    ("Дата", "Сумма", "Валюта", "Категория", "Кому или от кого", "Описание", "Счёт", "Перевод"),
    ("05.10.2026", "-12,50", "BYN", "Кафе", "Кофейня", "Капучино", "Карта", "нет"),
    ("06.10.2026", "1200,00", "BYN", "Зарплата", "ООО «Василёк»", "Аванс", "Карта", "нет"),
)
SALARIES = (
    ("Дата", "Тип", "Сумма", "Валюта", "Работодатель", "До налогов", "За месяц", "Комментарий"),
    ("10.09.2026", "Аванс", "1200,00", "BYN", "ООО «Василёк»", "нет", "09.2026", ""),
    ("05.10.2026", "Зарплата", "1250,50", "BYN", "ООО «Василёк»", "нет", "09.2026", "за сентябрь"),
)


def csv_of(lines: Sequence[Sequence[str]]) -> str:
    """As Excel in Russian opens it: with a BOM, semicolons, and CRLF."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(lines)
    return "\ufeff" + out.getvalue()


def layouts() -> list[str]:
    return [str(layout.title) for layout in LAYOUTS] + [_("обмен 1С с банком")]


def layout_name(name: str) -> str:
    if name == "1c":
        return _("Обмен 1С с банком")
    if name == LAYOUT:
        return _("Колонки названы вами")
    return next((str(layout.title) for layout in LAYOUTS if layout.name == name), _("Формат не узнан"))
