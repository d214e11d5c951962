"""Files that are broken, hostile, or something else: said in words, within bounds, and no good row is lost."""

import io
import time
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from finance import statements
from finance.exceptions import UnreadableFile
from tests.finance.test_statements import FILES, amounts, lines

HEADER = "Дата;Сумма;Валюта;Категория;Кому или от кого;Описание\n"
GOOD = "05.10.2026;-12,50;BYN;Кафе;Кофейня;Капучино\n"


def read(text):
    return statements.read(text.encode())


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def refusal(content):
    with pytest.raises(UnreadableFile) as caught:
        statements.read(content)
    return str(caught.value)


@pytest.mark.parametrize(
    "broken",
    [
        "вчера;-1,00;BYN;;;\n",
        "05.10.2026;много;BYN;;;\n",
        "05.10.2026;-1,00;фантики;;;\n",
        "05.10.2026\n",
        '05.10.2026;-1,00;BYN;"Кафе;;\n',
        '"05.10.2026;-1,00;BYN;Кафе;;\n',
        "05.10.2026;-1,00;BYN;;;;лишнее\n",
        "05.10.2026;1,500;BYN;;;\n",
    ],
)
@pytest.mark.parametrize("before", [0, 2])
def test_a_broken_row_is_named_by_its_line_and_loses_no_other(broken, before):
    statement = read(HEADER + before * GOOD + broken + 3 * GOOD)
    assert len(statement.rows) == before + 3
    assert lines(statement.problems) == [2 + before]
    assert [row.line for row in statement.rows] == [n for n in range(2, before + 6) if n != 2 + before]


def test_a_cell_of_a_megabyte_spoils_its_own_row_only():
    statement = read(HEADER + f"05.10.2026;-1,00;BYN;;;{'x' * 1_000_000}\n" + GOOD)
    assert (len(statement.rows), lines(statement.problems)) == (1, [2])


def test_twenty_thousand_rows_are_read_in_seconds_even_if_each_has_an_open_quotation():
    began = time.monotonic()
    assert len(read(HEADER + GOOD * 20_000).rows) == 20_000
    assert len(read(HEADER + GOOD.replace("Кафе", '"Кафе') * 20_000).problems) == 20_000
    assert time.monotonic() - began < 20


def test_a_cell_may_go_over_several_lines():
    statement = read(HEADER + '05.10.2026;-1,00;BYN;Кафе;"Две\nстроки";"и ""кавычки"""\n' + GOOD)
    assert [row.line for row in statement.rows] == [2, 4]
    assert statement.rows[0].counterparty == "Две строки"
    assert statement.rows[0].description == 'и "кавычки"'


@given(st.lists(st.sampled_from([GOOD, "мусор\n", '"\n', ";;;\n", '";"";"\n', "\n", "05.10.2026;;;;;\n"]), max_size=12))
def test_whatever_stands_between_them_all_good_rows_are_read(drawn):
    statement = read(HEADER + GOOD + "".join(drawn))
    assert len(statement.rows) == 1 + drawn.count(GOOD)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_statement_or_refused_in_words(content):
    try:
        statement = statements.read(content)
    except UnreadableFile:
        return
    assert statement.cells or statement.layout


@pytest.mark.parametrize("name", ["bank_tbank_2026.csv", "bank_priorbank_by.csv", "statement_1c_exchange.txt"])
@given(st.data())
def test_a_file_cut_anywhere_gives_a_part_of_its_rows_or_a_reason(name, data):
    content = (FILES / name).read_bytes()
    whole = amounts(statements.read(content))
    try:
        part = statements.read(content[: data.draw(st.integers(0, len(content)))])
    except UnreadableFile:
        return
    # The last row may have been cut in the middle of its sum or its name.
    assert amounts(part)[:-1] == whole[: max(len(part.rows) - 1, 0)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пуст"),
        (b" \n ", "пуст"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
        (b"PK\x03\x04 and then nothing", "Архив"),
        (b"\x00\x01\x02\x03", "Таблицы|текст"),
        ("просто текст".encode(), "Таблицы"),
        (b"1CClientBankExchange\r\n", "ни одного документа"),
        (b"x" * (statements.MAX_BYTES + 1), "5 МБ"),
        ((HEADER + GOOD * 20_100).encode(), "20 000"),
    ],
)
def test_what_is_no_statement_is_refused_in_words(content, words):
    import re

    assert re.search(words, refusal(content))


def test_a_workbook_with_dates_and_numbers_of_its_own():
    header = HEADER.strip().split(";")
    rows = [[datetime(2026, 10, 5), -12.5, "BYN", "Кафе", "Кофейня", None], ["06.10.2026", "ой", "BYN", "", "", ""]]
    statement = statements.read(
        workbook(["Выписка за октябрь"], header, *rows, [datetime(2026, 10, 7), 0.1 + 0.2, "BYN"])
    )
    assert amounts(statement) == [("-12.50", "BYN"), ("0.30", "BYN")]
    assert lines(statement.problems) == [4]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_at_once():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 * 1024 * 1024))
    began = time.monotonic()
    assert "велика" in refusal(out.getvalue())
    assert time.monotonic() - began < 1


def test_a_workbook_whose_entities_explode_is_refused():
    content = workbook(["a", "b"], [1, 2])
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb if name.endswith("sheet1.xml") else old.read(name))
    assert "повреждён" in refusal(out.getvalue())


def test_an_archive_of_something_else_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("выписка.csv", "a;b")
    assert "Распакуйте" in refusal(out.getvalue())


def test_a_formula_is_text_like_any_other():
    statement = read(HEADER + '05.10.2026;-1,00;BYN;=1+1;"=HYPERLINK(""http://x"")";@x\n')
    assert statement.rows[0].category == "=1+1"


def test_an_unknown_header_comes_back_as_cells_and_is_read_by_the_columns_that_are_named():
    statement = read(
        "Банк такой-то\nКогда;Назначение платежа;Приход;Расход\n01.10.2026;Кофе;;3,50\n02.10.2026;Аванс;100;\n"
    )
    assert not statement.layout
    guessed = statements.columns_guessed(statement.cells[0][1])
    assert guessed == {"income": 2, "spending": 3, "description": 1}
    found = statements.read_by_columns(statement.cells, {**guessed, "date": 0}, currency="RUB")
    assert amounts(found) == [("-3.50", "RUB"), ("100.00", "RUB")]
    assert [row.line for row in found.rows] == [3, 4]
