import csv
import io
from decimal import Decimal

import pytest
from django.utils import translation

from gemini.models import ModelPrice
from gemini.usage import Period, calls_of, report, spreadsheet
from gemini.usage.prices import PriceList
from tests.factories import make_call

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def price(db):
    ModelPrice.objects.all().delete()
    ModelPrice.objects.create(model="gemini", input_price=Decimal(10), output_price=Decimal(20))


def rows(lines, delimiter=";"):
    text = "".join(lines)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


def test_a_russian_spreadsheet_parts_fields_by_semicolons_and_decimals_by_commas(alice, price):
    make_call(alice)
    titles, line = rows(spreadsheet.of_report(report(alice, Period.named())))
    assert titles[:3] == ["День", "Модель", "Откуда"]
    assert line[1:11] == [
        "gemini-flash-latest",
        "Страницы",
        "Ответы в чатах",
        "Свой ключ",
        "Готово",
        "1",
        "100",
        "50",
        "0,002000",
        "1,000",
    ]


def test_an_english_one_parts_them_by_commas_and_dots(alice, price):
    make_call(alice)
    with translation.override("en"):
        line = rows(spreadsheet.of_calls(calls_of(alice, Period.named()), PriceList(), whole=False), ",")[1]
    assert line[8:10] == ["0.002000", "1.000"]


@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_becomes_a_formula(alice, name):
    make_call(alice, model=name)
    for lines in (
        spreadsheet.of_report(report(alice, Period.named())),
        spreadsheet.of_calls(calls_of(alice, Period.named()), PriceList(), whole=False),
    ):
        assert rows(lines)[1][1] == f"'{name}"


def test_money_without_a_price_is_an_empty_field(alice, price):
    make_call(alice, model="other")
    assert rows(spreadsheet.of_report(report(alice, Period.named())))[1][9] == ""


def test_all_calls_come_in_batches_each_once(alice, monkeypatch):
    monkeypatch.setattr(spreadsheet, "BATCH", 3)
    for number in range(8):
        make_call(alice, prompt_tokens=number)
    lines = rows(spreadsheet.of_calls(calls_of(alice, Period.named()), PriceList(), whole=False))[1:]
    assert [line[6] for line in lines] == [str(number) for number in range(7, -1, -1)]
