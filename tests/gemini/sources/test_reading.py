"""Where amounts and dates are read: nothing becomes a float, nothing ambiguous becomes a number."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini.sources import SourceFailure
from gemini.sources.nbrb import rates
from gemini.sources.nbrb.sources import amount_of, printed

sums = st.decimals(0, 10**12, places=2, allow_nan=False)
some_rates = st.decimals("0.0001", 10**6, places=4, allow_nan=False)
scales = st.sampled_from([1, 10, 100, 1_000, 100_000])
days = st.dates(date(2016, 7, 1), date(2050, 1, 1))


def rate(value, scale):
    return rates.Rate("XXX", date(2026, 1, 1), value, scale)


@given(sums, st.sampled_from([" ", "\u00a0", "\u202f", "'", ""]), st.sampled_from([".", ","]))
def test_a_sum_is_read_however_its_thousands_are_kept_apart(value, thousands, point):
    whole, _, cents = f"{value:.2f}".partition(".")
    written = f"{int(whole):,}".replace(",", thousands) + point + cents
    assert amount_of(written) == value


@given(st.text(max_size=20))
def test_any_text_is_a_sum_or_is_refused(text):
    with suppress(SourceFailure):
        assert amount_of(text) >= 0


@pytest.mark.parametrize(
    "text", ["1,500", "12,000", "", "-5", "1e3", "5 USD", "1.2.3", "NaN", "Infinity", "١٢٣", "9" * 40]
)
def test_what_may_be_two_sums_or_none_is_refused(text):
    with pytest.raises(SourceFailure):
        amount_of(text)


@given(sums, some_rates, scales, some_rates, scales)
def test_a_conversion_is_exact_to_half_a_kopeck(amount, one, scale, other, other_scale):
    converted = rates.convert(amount, rate(one, scale), rate(other, other_scale))
    exact = amount * one / scale / (other / other_scale)
    assert abs(converted - exact) <= Decimal("0.005") + abs(exact) * Decimal("1e-20")
    assert rates.convert(amount, rate(one, scale), rate(one, scale)) == amount


@given(some_rates)
def test_a_rate_is_printed_with_four_places_and_nothing_lost(value):
    assert Decimal(printed(value)) == value
    assert len(printed(value).partition(".")[2]) >= 4


@given(days, days)
def test_pieces_of_a_period_are_of_a_year_at_most_and_leave_no_day_out(one, other):
    since, until = sorted([one, other])
    pieces = rates.slices(since, until)
    covered = [first + timedelta(days=n) for first, last in pieces for n in range((last - first).days + 1)]
    assert covered == [since + timedelta(days=n) for n in range((until - since).days + 1)]
    assert all((last - first).days < 365 for first, last in pieces)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5), st.text())
def test_a_row_is_a_rate_or_none_or_malformed(value, text):
    row = {"Cur_Abbreviation": text, "Cur_OfficialRate": value, "Cur_Scale": value, "Cur_Name": text, "Date": text}
    try:
        read = rates.read_rate(row)
    except rates.Malformed:
        return
    assert read is None or read.rate > 0
