"""Amounts, dates and currencies: what is written in any usual way is read, what may mean two things is refused."""

import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from finance.exceptions import Unreadable
from finance.statements import values

SPACES = st.sampled_from(["", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}", "'"])
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
DATES = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


def written(amount, space, sign):
    """With a space between thousands, and this sign before kopecks."""
    whole, _, cents = f"{amount:.2f}".partition(".")
    groups = []
    while whole:
        whole, group = whole[:-3], whole[-3:]
        groups.insert(0, group)
    return f"{space.join(groups)}{sign}{cents}"


@given(AMOUNTS, SPACES, st.sampled_from(",."), st.sampled_from(["", "-", "−", "+", "- "]))
def test_an_amount_is_read_back_however_it_is_written(amount, space, sign, minus):
    read = values.amount(minus + written(amount, space, sign))
    assert read == (-amount if minus and minus != "+" else amount)
    assert values.amount(minus + written(amount, space, sign), sign) == read


@given(AMOUNTS, st.sampled_from(["₽", "Br", "BYN", "$", "руб.", "zł", "RUB"]), st.booleans())
def test_a_currency_beside_the_amount_changes_nothing(amount, currency, before):
    text = f"{amount:.2f}"
    assert values.amount(f"{currency} {text}" if before else f"{text} {currency}") == amount


@given(AMOUNTS.filter(lambda amount: amount >= 1000), st.sampled_from([(",", "."), (".", ",")]))
def test_thousands_parted_by_the_other_sign_are_read(amount, signs):
    thousands, kopecks = signs
    assert values.amount(f"{amount:,.2f}".translate(str.maketrans({",": thousands, ".": kopecks}))) == amount


@pytest.mark.parametrize("text", ["1,500", "1.500", "12,345", "999.999"])
def test_what_two_countries_read_differently_is_refused_not_guessed(text):
    with pytest.raises(Unreadable, match="копейки"):
        values.amount(text)


def test_a_bank_whose_sign_is_known_leaves_nothing_to_guess():
    assert values.amount("1,500", ".") == 1500
    assert values.amount("1.500", ",") == 1500
    with pytest.raises(Unreadable):
        values.amount("1.50", ",")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "ой",
        "1,2,3",
        "1.234.5",
        "12abc34",
        "--5",
        "1e5",
        "NaN",
        "Infinity",
        "1,234567",
        "(5",
        "٣",
        "1 2,3 4 ₽ x",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Unreadable):
        values.amount(text)


def test_brackets_are_a_minus():
    assert values.amount("(1 234,50)") == Decimal("-1234.50")


@given(st.text())
@example("9" * 5_000)
@example("1" + " " * 5_000)
def test_any_text_is_an_amount_within_bounds_or_unreadable(text):
    try:
        amount = values.amount(text)
    except Unreadable:
        return
    assert abs(amount) < values.TOO_MUCH
    assert amount == round(amount, 2)


@given(DATES, st.sampled_from(["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y.%m.%d"]), st.booleans())
def test_a_day_is_read_back_with_a_time_and_without(day, pattern, timed):
    text = day.strftime(pattern)
    assert values.day(f"{text} 23:59:59" if timed else text) == day
    assert values.month(text) == day.replace(day=1)


@given(st.text(alphabet=string.digits + ".-/ :Tд"))
def test_any_text_is_a_day_within_bounds_or_unreadable(text):
    try:
        day = values.day(text)
    except Unreadable:
        return
    assert values.EARLIEST <= day.year <= values.LATEST


@pytest.mark.parametrize("text", ["31.02.2026", "13/13/2026", "2026-1", "1.1.1", "01.01.1800", "вчера", ""])
def test_days_that_are_none_are_refused(text):
    with pytest.raises(Unreadable):
        values.day(text)


@pytest.mark.parametrize(("text", "month"), [("09.2026", 9), ("2026-09", 9), ("25.09.2026", 9)])
def test_a_month_is_read_as_its_first_day(text, month):
    assert values.month(text) == date(2026, month, 1)


@pytest.mark.parametrize(
    ("text", "code"), [("rur", "RUB"), ("810", "RUB"), (" ₽", "RUB"), ("Br", "BYN"), ("usd", "USD")]
)
def test_currencies_have_many_names(text, code):
    assert values.currency(text) == code


@pytest.mark.parametrize("text", ["", "рубль?", "US", "ДОЛ", "12"])
def test_what_is_no_currency_is_refused(text):
    with pytest.raises(Unreadable):
        values.currency(text)


@pytest.mark.parametrize(
    "text",
    ["Счёт 40817810000000000001", "карта 5555 4900 0000 0001", "555949******0001", "BY20 0001 0000 0000 0000 0001"],
)
def test_of_a_long_number_only_the_end_is_kept(text):
    kept = values.words(text, 100)
    assert kept.endswith("0001")
    assert sum(char.isdigit() for char in kept) <= 6


@given(st.text())
def test_text_is_one_line_that_any_database_keeps(text):
    kept = values.words(text, 50)
    assert len(kept) <= 50
    assert all(char.isprintable() for char in kept)
