"""Each kind of file, as its bank writes it: samples whose shape public importers agree on."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finance import statements

FILES = Path(__file__).parent / "files"


def read(name):
    return statements.read((FILES / name).read_bytes()).with_fingerprints()


def amounts(statement):
    return [(str(row.amount), row.currency) for row in statement.rows]


def lines(notes):
    return [note.line for note in notes]


def test_tbank_of_2026():
    statement = read("bank_tbank_2026.csv")
    assert statement.layout == "tbank-2026"
    assert amounts(statement) == [("-1781.84", "RUB"), ("-12000.00", "RUB"), ("-1234.56", "RUB"), ("150000.00", "RUB")]
    # The total on the account, not the drams that were paid; what the bank refused is no movement of money.
    assert lines(statement.left_out) == [5]
    assert statement.rows[0].counterparty == "Магазин Берёзка"
    assert statement.rows[0].date == date(2026, 9, 23)


def test_tbank_before_in_cp1251_keeps_both_of_two_equal_rows():
    statement = read("bank_tbank_classic.csv")
    assert statement.layout == "tbank"
    assert amounts(statement) == [("-1350.00", "RUB"), ("-1350.00", "RUB"), ("120000.00", "RUB")]
    assert len({row.fingerprint for row in statement.rows}) == 3
    assert lines(statement.left_out) == [4]


def test_alfa_has_no_signs_but_says_which_way_money_went():
    statement = read("bank_alfa_ru.csv")
    assert amounts(statement) == [("-8000.00", "RUB"), ("192351.88", "RUB")]
    assert lines(statement.left_out) == [4, 5]


def test_priorbank_with_its_preamble_its_broken_row_and_its_holds():
    statement = read("bank_priorbank_by.csv")
    assert statement.layout == "priorbank"
    assert amounts(statement) == [("-120.00", "BYN"), ("-235.26", "BYN"), ("853.50", "BYN"), ("2450.00", "BYN")]
    assert statement.rows[1].counterparty == 'Retail BLR G. GOMEL MAGAZIN "BEREZKA"'
    assert statement.rows[2].description == "300,00 USD"
    assert {row.account for row in statement.rows} == {"…9964"}
    assert lines(statement.left_out) == [21]
    assert not statement.problems


def test_zenmoney_makes_two_transfers_of_an_exchange():
    statement = read("app_zenmoney.csv")
    assert amounts(statement) == [("-4.20", "BYN"), ("2450.00", "BYN"), ("-294.63", "BYN"), ("100.00", "USD")]
    assert [row.is_transfer for row in statement.rows] == [False, False, True, True]


def test_1c_takes_the_sign_from_whose_account_it_is_and_hides_its_number():
    statement = read("statement_1c_exchange.txt")
    assert amounts(statement) == [("1234.56", "RUB")]
    assert statement.rows[0].account == "…0001"
    assert statement.rows[0].counterparty == "ООО Клиент"


def test_1c_in_dos_encoding_and_a_payment_between_own_accounts():
    text = "\r\n".join(
        [
            *(
                "1CClientBankExchange",
                "Кодировка=DOS",
                "РасчСчет=40802810000000000001",
                "РасчСчет=40802840000000000002",
            ),
            *("СекцияДокумент=Платежное поручение", "Дата=11.09.2026", "Сумма=10.00", "Плательщик=Я", "Получатель=Я"),
            *("ПлательщикСчет=40802810000000000001", "ПолучательСчет=40802840000000000002", "КонецДокумента"),
            *("СекцияДокумент=Платежное поручение", "Дата=12.09.2026", "Сумма=5", "ПлательщикСчет=7", "КонецДокумента"),
            "КонецФайла",
        ]
    )
    statement = statements.read(text.encode("cp866"))
    assert amounts(statement) == [("-10.00", "RUB"), ("10.00", "USD")]
    assert all(row.is_transfer for row in statement.rows)
    assert lines(statement.problems) == [13]


def test_our_template_of_salaries():
    statement = read("salary_template.csv")
    assert statement.kind == "salaries"
    assert [(row.kind, str(row.amount), row.currency, row.is_gross) for row in statement.rows] == [
        ("advance", "1200.00", "BYN", False),
        ("salary", "2450.50", "BYN", False),
        ("bonus", "300.00", "USD", True),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_our_template_in_any_encoding_with_any_delimiter(encoding, delimiter, line_end):
    header = ["Дата", "Сумма", "Валюта", "Категория", "Кому или от кого", "Описание"]
    row = ["05.10.2026", "-12.50", "BYN", "Кафе", "Кофейня", "Капучино"]
    text = line_end.join(delimiter.join(cells) for cells in (header, row)) + line_end
    statement = statements.read(text.encode(encoding))
    assert statement.layout == "template"
    [found] = statement.rows
    assert (found.amount, found.counterparty, found.line) == (Decimal("-12.50"), "Кофейня", 2)


def test_the_same_file_has_the_same_fingerprints_and_another_days_file_others():
    first, again = read("bank_tbank_classic.csv"), read("bank_tbank_classic.csv")
    assert [row.fingerprint for row in first.rows] == [row.fingerprint for row in again.rows]
    other = read("bank_tbank_2026.csv")
    assert not {row.fingerprint for row in first.rows} & {row.fingerprint for row in other.rows}


def test_an_overlapping_export_knows_the_rows_that_both_have():
    content = (FILES / "bank_tbank_classic.csv").read_bytes().decode("cp1251").splitlines(keepends=True)
    shorter = statements.read("".join(content[:3]).encode("cp1251")).with_fingerprints()
    assert {row.fingerprint for row in shorter.rows} < {row.fingerprint for row in read("bank_tbank_classic.csv").rows}
