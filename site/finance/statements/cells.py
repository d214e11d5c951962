"""Text → lines of cells. One broken quotation mark spoils its own line and swallows no other."""

import csv
from collections.abc import Iterator

DELIMITERS = (";", ",", "\t")
# Physical lines that one quoted cell may go over.
LONGEST_CELL = 20
Line = tuple[int, list[str]]


def lines_of(text: str, delimiter: str) -> list[Line]:
    """Every line that is not blank, with its number in the file."""
    physical = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return list(logical(physical, delimiter))


class Broken(list[str]):
    """The cells of a line whose quotation is never closed: where one ends and the next begins is not known."""


def logical(physical: list[str], delimiter: str) -> Iterator[Line]:
    number, width = 0, 0
    while number < len(physical):
        taken, is_broken = 1, False
        if is_open(physical[number], delimiter):
            taken = lines_of_cell(physical, number, delimiter, width)
            is_broken = taken == 1
        cells = split("\n".join(physical[number : number + taken]), delimiter)
        if any(cell.strip() for cell in cells):
            width = max(width, len(cells))
            yield number + 1, Broken(cells) if is_broken else cells
        number += taken


def is_open(line: str, delimiter: str) -> bool:
    """Whether a quotation goes on past its end: then one cell more makes no cell more."""
    return '"' in line and len(split(f"{line}{delimiter}x", delimiter)) == len(split(line, delimiter))


def lines_of_cell(physical: list[str], start: int, delimiter: str, width: int) -> int:
    """Over how many lines a record goes that leaves a quotation open; one, where closing it makes no whole record."""
    for taken in range(2, min(LONGEST_CELL, len(physical) - start) + 1):
        joined = "\n".join(physical[start : start + taken])
        if not is_open(joined, delimiter):
            return taken if is_whole(joined, delimiter, width) else 1
    return 1


def is_whole(joined: str, delimiter: str, width: int) -> bool:
    """Strictly: a quotation that was opened by mistake is closed by the next one that opens, in mid-cell."""
    try:
        [cells] = csv.reader(joined.splitlines(keepends=True), delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return False
    return len(cells) == width


def split(line: str, delimiter: str) -> list[str]:
    try:
        record = next(csv.reader(line.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error:
        # A cell longer than 128 KB is no cell of a statement.
        return [line]
    return respliced(record, delimiter)


def respliced(cells: list[str], delimiter: str) -> list[str]:
    """Priorbank quotes the beginning of a row in which a quotation mark occurs: its first cell holds several."""
    if cells and delimiter in cells[0] and len(cells) > 1:
        return [*cells[0].split(delimiter), *cells[1:]]
    return cells
