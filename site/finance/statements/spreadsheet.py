"""XLSX → lines of cells, within bounds: a file of five megabytes may unpack to gigabytes."""

import io
import zipfile
from datetime import datetime, time
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from finance.exceptions import UnreadableFile
from finance.statements.cells import Line

# Bytes unpacked. Python's zipfile reads no more of a member than its directory says.
MAX_UNPACKED = 30 * 1024 * 1024
MAX_MEMBERS = 200
MAX_COLUMNS = 60
# Rows by which the width of a sheet is known.
BEGINNING = 50


def lines_of(content: bytes, max_rows: int) -> list[Line]:
    """The lines of the first sheet that holds any; one more than `max_rows` when there are more."""
    refuse_bomb(content)
    # It costs a tenth of a second, which only those pay who bring such a file.
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            # What the sheet says of its own size may be anything.
            sheet.reset_dimensions()
            beginning = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=BEGINNING)
            # Each row is padded to the greatest column: sixty of them would take ten times as long as six.
            width = max((len(trimmed([text_of(cell) for cell in row])) for row in beginning), default=0) or MAX_COLUMNS
            rows = sheet.iter_rows(values_only=True, max_col=width)
            numbered = ((number, [text_of(cell) for cell in row]) for number, row in enumerate(rows, 1))
            filled = ((number, trimmed(cells)) for number, cells in islice(numbered, 5 * max_rows))
            if lines := list(islice((line for line in filled if line[1]), max_rows + 1)):
                return lines
    # It raises whatever a wrong file happens to lead to.
    except Exception as error:
        raise UnreadableFile(_("Файл Excel повреждён и не читается. Сохраните его заново или как CSV.")) from error
    raise UnreadableFile(_("Файл пуст."))


def refuse_bomb(content: bytes) -> None:
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(_("Архив повреждён и не читается.")) from error
    if not any(member.filename.startswith("xl/") for member in members):
        raise UnreadableFile(_("Это архив, а не таблица. Распакуйте его и возьмите файл CSV или XLSX."))
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UnreadableFile(_("Таблица слишком велика. Сохраните её как CSV или разделите."))


def text_of(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case datetime() if cell.time() == time():
            return f"{cell:%d.%m.%Y}"
        case datetime():
            return f"{cell:%d.%m.%Y %H:%M:%S}"
        case bool():
            return "да" if cell else "нет"
        case float():
            # Excel keeps 0.1 + 0.2 as it is; kopecks are what was meant.
            return f"{cell:.2f}" if abs(cell - round(cell, 2)) < 1e-6 else repr(cell)
    # No database keeps a NUL.
    return str(cell).replace("\0", "")


def trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
