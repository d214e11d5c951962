"""Sums are the database's, converted by the rate of each day; what has none is named, never counted as nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from finance import charts, pay, rates
from finance.models import Salary, Transaction
from finance.summary import months_between, spans_between, summarize
from tests import factories

IN_BYN = pytest.mark.django_db
WITH_RATES = pytest.mark.django_db(transaction=True)


def summary_of(user):
    return summarize(Transaction.objects.for_user(user))


def rate(services, currency, day):
    """What the National Bank's stand-in says itself."""
    import httpx

    answer = httpx.get(f"{services.nbrb.url}/exrates/rates/{currency}?parammode=2&ondate={day}").json()
    return Decimal(str(answer["Cur_OfficialRate"])) / answer["Cur_Scale"]


@IN_BYN
@pytest.mark.storage
def test_income_spending_and_transfers_are_kept_apart(alice, bob):
    factories.make_transaction(alice, "2450.00", category="Зарплата")
    factories.make_transaction(alice, "-12.50", category="Кафе")
    factories.make_transaction(alice, "-0.10", category="Кафе", date=date(2026, 8, 1))
    factories.make_transaction(alice, "-500.00", is_transfer=True)
    factories.make_transaction(bob, "-999.00")
    summary = summary_of(alice)
    assert (summary.total.income, summary.total.spending, summary.total.net) == (
        Decimal("2450.00"),
        Decimal("12.60"),
        Decimal("2437.40"),
    )
    assert list(summary.spans) == ["2026-08", "2026-09", "2026-10"]
    assert summary.spans["2026-09"].count == 0
    assert summary.categories["Кафе"].spending == Decimal("12.60")


@WITH_RATES
def test_each_day_is_converted_by_its_own_rate(alice, services):
    days = [date(2026, 3, 16), date(2026, 9, 14)]
    for day in days:
        factories.make_transaction(alice, "-100.00", currency="USD", date=day)
    factories.make_transaction(alice, "-1890.00", currency="RUB", date=days[0])
    expected = sum(100 * rate(services, "USD", day) for day in days) + 1890 * rate(services, "RUB", days[0])
    summary = summary_of(alice)
    assert summary.total.spending == round(expected, 2)
    assert summary.is_whole
    assert not summary.stale


@WITH_RATES
def test_todays_money_is_converted_too_and_the_bank_is_asked_only_once(alice, services):
    factories.make_transaction(alice, "-10.00", currency="USD", date=rates.today())
    factories.make_transaction(alice, "-10.00", currency="USD", date=rates.today() - timedelta(days=40))
    first = summary_of(alice)
    asked = len(services.nbrb.log())
    assert summary_of(alice).total == first.total
    assert len(services.nbrb.log()) == asked > 0
    assert first.is_whole


@WITH_RATES
def test_what_has_no_rate_is_named_and_in_no_total(alice, services):
    factories.make_transaction(alice, "-5.00")
    factories.make_transaction(alice, "-100.00", currency="ZZZ")
    factories.make_transaction(alice, "-7.00", currency="USD", date=rates.today() + timedelta(days=30))
    summary = summary_of(alice)
    assert summary.total.spending == Decimal("5.00")
    assert {code: aside.flow.spending for code, aside in summary.unconverted.items()} == {
        "ZZZ": Decimal("100.00"),
        "USD": Decimal("7.00"),
    }
    assert summary.currencies["ZZZ"].spending == Decimal("100.00")


@WITH_RATES
@pytest.mark.parametrize("failure", ["down", "html"])
def test_a_bank_that_is_down_costs_no_page_and_no_sum(alice, services, failure):
    factories.make_transaction(alice, "-5.00")
    factories.make_transaction(alice, "-100.00", currency="USD")
    services.nbrb.fail(failure)
    summary = summary_of(alice)
    assert summary.total.spending == Decimal("5.00")
    assert list(summary.unconverted) == ["USD"]
    assert summary.messages


@WITH_RATES
def test_an_earlier_days_rate_is_said_to_be_one(alice, services):
    day = rates.today() - timedelta(days=20)
    factories.make_transaction(alice, "-100.00", currency="USD", date=day)
    summary_of(alice)
    factories.make_transaction(alice, "-100.00", currency="USD", date=day + timedelta(days=2))
    services.nbrb.fail("down")
    cache.clear()
    summary = summary_of(alice)
    assert summary.stale["USD"].as_of == day
    assert summary.total.spending == round(200 * rate_of_stored(day), 2)


def rate_of_stored(day):
    return rates.rate_book({"USD": (day, day)}).byn("USD", day).per_unit


@WITH_RATES
def test_pay_in_roubles_and_dollars_with_taxes_kept_apart(alice, services):
    days = [date(2026, 8, 25), date(2026, 9, 25)]
    factories.make_salary(alice, "2000.00", date=days[0])
    factories.make_salary(alice, "2200.00", date=days[1])
    factories.make_salary(alice, "300.00", date=days[1], currency="USD", is_gross=True)
    trend = pay.trend(Salary.objects.for_user(alice))
    first, second = trend.net
    assert (first.byn, second.byn, second.byn_change) == (Decimal("2000.00"), Decimal("2200.00"), Decimal("10.0"))
    assert second.usd == round(2200 / rate(services, "USD", days[1]), 2)
    [gross] = [month for month in trend.months if month.is_gross]
    assert (gross.usd, gross.byn_change) == (Decimal("300.00"), None)


@IN_BYN
def test_part_of_a_month_is_no_month_and_a_missing_rate_no_zero(alice):
    factories.make_salary(alice, "100.00", currency="ZZZ")
    factories.make_salary(alice, "2000.00")
    [month] = pay.trend(Salary.objects.for_user(alice)).months
    assert (month.byn, month.usd) == (None, None)


@IN_BYN
def test_the_month_that_is_not_over_is_compared_with_none(alice):
    today = rates.today()
    factories.make_salary(alice, "2000.00", date=today - timedelta(days=40))
    factories.make_salary(alice, "1000.00", date=today)
    assert pay.trend(Salary.objects.for_user(alice)).months[-1].byn_change is None


def test_spans_have_no_gaps():
    assert spans_between(date(2025, 11, 30), date(2026, 2, 1), False) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert spans_between(date(2020, 5, 1), date(2022, 1, 1), True) == ["2020", "2021", "2022"]
    assert months_between(date(2026, 1, 31), date(2026, 1, 1)) == 1


@IN_BYN
def test_charts_show_the_largest_and_whatever_is_there_at_all(alice):
    for number in range(14):
        factories.make_transaction(alice, f"-{2**number}.00", category=f"К{number}")
    factories.make_transaction(alice, "0.01", date=date(2026, 9, 1))
    summary = summary_of(alice)
    chart = charts.by_span(summary.spans)
    assert [bar.height for group in chart.groups for bar in group.bars] == [charts.LEAST, charts.HEIGHT]
    shares = charts.by_category(summary.categories)
    assert [share.categories for share in shares] == [1] * charts.MOST_CATEGORIES + [4]
    assert sum(share.spending for share in shares) == summary.total.spending
    assert shares[0].width == charts.WIDTH


@IN_BYN
def test_a_slip_in_a_year_draws_no_thousands_of_years(alice):
    for year in (254, 2026, 9999):
        factories.make_transaction(alice, date=date(year, 10, 5))
    summary = summary_of(alice)
    assert list(summary.spans) == ["0254", "2026", "9999"]
