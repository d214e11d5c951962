"""Usage as CSV that a spreadsheet opens by a double click.

In Russian fields are parted by `;` and decimals by `,`, as Excel reads them there; in English by `,` and `.`. The file
begins with a byte order mark, without which Excel takes UTF-8 for the system's old code page.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gemini.models import GeminiCall
from gemini.usage.names import code_name, name_of
from gemini.usage.prices import PriceList
from gemini.usage.report import Report, cost_of_call

BOM = "\ufeff"
# What a spreadsheet takes for the beginning of a formula: model names and user names come from people.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BATCH = 500


def of_report(report: Report) -> Iterator[str]:
    """A line for all calls that differ in nothing but numbers, the newest day first."""
    titles = [_("День"), _("Модель"), _("Откуда"), _("Назначение"), _("Ключ"), _("Итог"), _("Запросы")]
    titles += [_("Токены, вход"), _("Токены, выход"), _("Деньги, USD"), _("Среднее время, с"), _("До первого слова, с")]
    rows = (
        [
            *([key.user] if report.whole else []),
            key.day,
            key.model,
            name_of("interface", key.interface),
            name_of("purpose", key.purpose),
            name_of("origin", key.origin),
            code_name(key.code),
            cell.calls,
            cell.input_tokens,
            cell.output_tokens,
            cost,
            sum(cell.durations) / cell.calls / 1000,
            cell.first_token_total / cell.first_tokens / 1000 if cell.first_tokens else None,
        ]
        for key, cell, cost in sorted(report.cells, key=lambda line: line[0], reverse=True)
    )
    return lines([_("Пользователь"), *titles] if report.whole else titles, rows)


def of_calls(calls: Any, prices: PriceList, *, whole: bool) -> Iterator[str]:
    """A line for each call, the newest first."""
    titles = [_("Когда"), _("Модель"), _("Откуда"), _("Назначение"), _("Ключ"), _("Итог")]
    titles += [_("Токены, вход"), _("Токены, выход"), _("Деньги, USD"), _("Время, с"), _("До первого слова, с")]
    rows = ([*([call.user.username] if whole else []), *fields_of(call, prices)] for call in newest_first(calls))
    return lines([_("Пользователь"), *titles] if whole else titles, rows)


def newest_first(calls: Any) -> Iterator[GeminiCall]:
    """In short queries: whoever downloads slowly must not keep one open."""
    calls, last = calls.select_related("user").order_by("-pk"), None
    while batch := list(calls.filter(pk__lt=last)[:BATCH] if last else calls[:BATCH]):
        yield from batch
        last = batch[-1].pk


def fields_of(call: GeminiCall, prices: PriceList) -> list[Any]:
    return [
        localtime(call.created_at).strftime("%Y-%m-%d %H:%M:%S"),
        call.model,
        name_of("interface", call.interface),
        name_of("purpose", call.purpose),
        name_of("origin", call.key_origin),
        code_name(call.code),
        call.prompt_tokens,
        max(call.total_tokens - call.prompt_tokens, 0),
        cost_of_call(call, prices),
        call.duration_ms / 1000,
        None if call.first_token_ms is None else call.first_token_ms / 1000,
    ]


def lines(titles: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    russian = (get_language() or "ru").startswith("ru")
    writer = csv.writer(buffer, delimiter=";" if russian else ",")
    yield BOM
    for row in chain([titles], rows):
        writer.writerow([cell_of(value, russian) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def cell_of(value: Any, russian: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        text = f"{value:.6f}" if isinstance(value, Decimal) else f"{value:.3f}"
        return text.replace(".", ",") if russian else text
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
