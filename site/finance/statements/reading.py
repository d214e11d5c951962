"""One file → what it says. Recognised by its header; a broken row is named by its line and costs no other."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from finance.exceptions import LeftOut, Unreadable, UnreadableFile
from finance.statements import exchange, spreadsheet
from finance.statements.cells import DELIMITERS, Broken, Line, lines_of
from finance.statements.decoding import ARCHIVE, EXCHANGE, refuse_foreign, text_of
from finance.statements.layouts import (
    AlfaRussia,
    Layout,
    OwnSalaries,
    OwnTransactions,
    TBank2026,
    TBankClassic,
    ZenMoney,
    normalised,
)
from finance.statements.priorbank import Priorbank
from finance.statements.rows import Note, Row, Statement
from finance.statements.values import words

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
# A header comes within so many lines, after whatever a bank says first.
HEADER_WITHIN = 40
LAYOUTS: tuple[type[Layout], ...] = (
    TBank2026,
    TBankClassic,
    AlfaRussia,
    Priorbank,
    ZenMoney,
    OwnTransactions,
    OwnSalaries,
)
Reader = Callable[[int, list[str]], list[Row]]


def read(content: bytes) -> Statement:
    """Raises `UnreadableFile`. A file with an unknown header comes back as its cells."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("Файл больше 5 МБ. Разделите его, например по годам."))
    refuse_foreign(content)
    if content.startswith(ARCHIVE):
        return read_tables([spreadsheet.lines_of(content, MAX_ROWS)])
    text = text_of(content)
    if text.lstrip().startswith(EXCHANGE):
        return limited(exchange.read(text))
    return read_tables([lines_of(text, delimiter) for delimiter in DELIMITERS])


def read_tables(tables: list[list[Line]]) -> Statement:
    """Of several ways to part a file into cells, the one that makes a known header, or else the most columns."""
    for lines in tables:
        for start, (_line, cells) in enumerate(lines[:HEADER_WITHIN]):
            names = {normalised(cell) for cell in cells}
            if layout := next((layout for layout in LAYOUTS if layout.header <= names), None):
                refuse_too_long(lines)
                return limited(read_known(layout(), lines, start))
    lines = max(tables, key=width)
    if not lines:
        raise UnreadableFile(_("Файл пуст."))
    refuse_too_long(lines)
    start = max(range(min(len(lines), HEADER_WITHIN)), key=lambda number: (filled(lines[number][1]), -number))
    if width(lines) < 2 or len(lines) - start < 2:
        raise UnreadableFile(_("Таблицы с операциями в файле нет. Нужна выписка в CSV, XLSX или обмен с 1С."))
    return Statement("", cells=lines[start:])


def read_known(layout: Layout, lines: list[Line], start: int) -> Statement:
    statement = Statement(layout.name, layout.kind)
    rows_from(statement, records_of(layout, lines, start))
    return statement


def records_of(layout: Layout, lines: list[Line], start: int) -> Iterator[tuple[int, list[str], Reader]]:
    if isinstance(layout, Priorbank):
        for line, header, cells in layout.records(lines):
            yield line, cells, reader_of(layout, header)
        return
    header = [normalised(cell) for cell in lines[start][1]]
    for line, cells in lines[start + 1 :]:
        yield line, cells, reader_of(layout, header)


def reader_of(layout: Layout, header: list[str]) -> Reader:
    def read_one(line: int, cells: list[str]) -> list[Row]:
        if isinstance(cells, Broken):
            raise Unreadable(_("кавычка не закрыта"))
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            raise Unreadable(_("в строке больше колонок, чем в заголовке"))
        if len(cells) < len(header) and not layout.by_hand:
            raise Unreadable(_("в строке меньше колонок, чем в заголовке"))
        record = dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))
        return layout.read(line, record)

    return read_one


def rows_from(statement: Statement, records: Iterable[tuple[int, list[str], Reader]]) -> None:
    """Reads what can be read; says of all else, by its line, what is wrong with it."""
    for line, cells, read_one in records:
        shown = words(" ; ".join(cell for cell in cells if cell.strip()), 120)
        try:
            rows = read_one(line, cells)
        except LeftOut as reason:
            statement.left_out.append(Note(line, str(reason), shown))
        except Unreadable as error:
            statement.problems.append(Note(line, str(error), shown))
        else:
            zero = [row for row in rows if not row.amount]
            statement.rows += [row for row in rows if row.amount]
            statement.left_out += [Note(line, _("сумма равна нулю"), shown) for _row in zero]


def limited(statement: Statement) -> Statement:
    if len(statement.rows) > MAX_ROWS:
        refuse_too_long(statement.rows)
    return statement


def refuse_too_long(lines: list[Line] | list[Row]) -> None:
    # Besides its rows a file has a header and what comes before it.
    if len(lines) > MAX_ROWS + HEADER_WITHIN:
        raise UnreadableFile(_("В файле больше 20 000 строк. Разделите его, например по годам."))


def width(lines: list[Line]) -> int:
    return max((filled(cells) for _line, cells in lines[:HEADER_WITHIN]), default=0)


def filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
