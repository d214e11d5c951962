"""What the ledger adds up to; money by the operator's table."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from gemini.models import ModelPrice
from gemini.usage import Period, report
from gemini.usage.charts import charts
from gemini.usage.prices import PriceList
from tests.factories import make_call

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

MONTH = Period.named("30d")


@pytest.fixture(autouse=True)
def prices(db):
    """The table as these tests want it: what a migration has put there is gone after a flush, anyway."""
    ModelPrice.objects.all().delete()
    for model, input_price, output_price in (("gemini-flash", 1, 2), ("gemini-flash-lite", "0.1", "0.4")):
        ModelPrice.objects.create(model=model, input_price=Decimal(input_price), output_price=Decimal(output_price))


def test_tokens_answers_and_failures_are_counted_by_everything_that_tells_calls_apart(alice):
    make_call(alice)
    make_call(alice, interface="rest", model="gemini-pro-latest", purpose="generate")
    make_call(alice, code="quota_exceeded", total_tokens=0, prompt_tokens=0)
    make_call(alice, code="stopped")
    make_call(alice, purpose="title", model="gemini-flash-lite-latest")
    found = report(alice, MONTH)
    total = found.total
    assert (total.calls, total.answers, total.failures, total.stopped) == (5, 2, 1, 1)
    assert (total.input_tokens, total.output_tokens, total.tokens) == (400, 200, 600)
    assert found.failures == {"quota_exceeded": 1}
    assert {name: tally.calls for name, tally in found.by["interface"].items()} == {"pages": 4, "rest": 1}
    assert {name: tally.answers for name, tally in found.by["purpose"].items()} == {
        "reply": 1,
        "generate": 1,
        "title": 0,
    }
    for groups in found.by.values():
        assert sum(tally.calls for tally in groups.values()) == 5


def test_the_longest_name_that_a_models_name_begins_with_gives_its_price(alice):
    make_call(alice, model="gemini-flash-latest", prompt_tokens=1_000_000, total_tokens=1_500_000)
    make_call(alice, model="gemini-flash-lite-latest", prompt_tokens=1_000_000, total_tokens=1_500_000)
    found = report(alice, MONTH)
    assert found.by["model"]["gemini-flash-latest"].cost == Decimal("2.0")
    assert found.by["model"]["gemini-flash-lite-latest"].cost == Decimal("0.3")
    assert found.total.money == Decimal("2.3")


def test_a_model_without_a_price_is_named_and_not_counted_as_nothing(alice):
    make_call(alice, model="gemini-unheard-of")
    found = report(alice, MONTH)
    assert found.total.unpriced == {"gemini-unheard-of"}
    assert found.total.money is None
    make_call(alice, model="gemini-flash-latest")
    found = report(alice, MONTH)
    assert found.total.money == Decimal("0.0002")
    assert found.total.unpriced == {"gemini-unheard-of"}


def test_the_demo_model_and_calls_without_tokens_cost_nothing(alice):
    make_call(alice, key_origin="demo", model="gemini-unheard-of")
    make_call(alice, code="api_key_invalid", model="gemini-unheard-of", prompt_tokens=0, total_tokens=0)
    total = report(alice, MONTH).total
    assert (total.money, total.unpriced) == (0, set())


def test_time_is_of_answers_that_came_and_among_purposes_of_each(alice):
    for seconds in range(1, 101):
        make_call(alice, duration_ms=seconds * 1000, first_token_ms=500)
    make_call(alice, purpose="title", duration_ms=7)
    make_call(alice, code="timeout", duration_ms=60_000_000)
    found = report(alice, MONTH)
    assert (found.total.average, found.total.p95, found.total.first_token) == (50.5, 95, 0.5)
    assert found.by["span"][str(timezone.localdate())].p95 == 95
    assert found.by["purpose"]["title"].average == 0.007


def test_days_begin_at_midnight_in_the_sites_time_zone(alice, settings):
    settings.TIME_ZONE = "Europe/Minsk"
    make_call(alice, created_at=datetime(2026, 3, 9, 20, 59, tzinfo=UTC))
    make_call(alice, created_at=datetime(2026, 3, 9, 21, 1, tzinfo=UTC))
    found = report(alice, Period.from_query({"from": "2026-03-09", "to": "2026-03-11"}))
    assert {day: tally.calls for day, tally in found.spans.items()} == {
        "2026-03-09": 1,
        "2026-03-10": 1,
        "2026-03-11": 0,
    }
    assert report(alice, Period.from_query({"from": "2026-03-10", "to": "2026-03-10"})).total.calls == 1


def test_a_day_is_a_day_also_where_clocks_were_moved_in_between(alice, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    # Clocks went forward on 29 March 2026, so midnight moved from 23:00 to 22:00 in UTC.
    make_call(alice, created_at=datetime(2026, 3, 28, 22, 30, tzinfo=UTC))
    make_call(alice, created_at=datetime(2026, 3, 29, 22, 30, tzinfo=UTC))
    make_call(alice, created_at=datetime(2026, 3, 29, 21, 30, tzinfo=UTC))
    found = report(alice, Period.from_query({"from": "2026-03-27", "to": "2026-03-31"}))
    counted = {day: tally.calls for day, tally in found.spans.items() if tally.calls}
    assert counted == {"2026-03-28": 1, "2026-03-29": 1, "2026-03-30": 1}


def test_a_long_period_goes_by_months(alice):
    make_call(alice, created_at=timezone.now() - timedelta(days=200))
    make_call(alice)
    found = report(alice, Period.named("all"))
    assert found.by_months
    assert 7 <= len(found.spans) <= 8
    assert [tally.calls for tally in found.spans.values()][:: len(found.spans) - 1] == [1, 1]


def test_one_query_for_the_calls_and_one_for_the_prices(alice, bob, django_assert_num_queries):
    for user in (alice, bob):
        for number in range(20):
            make_call(user, model=f"gemini-flash-{number}", created_at=timezone.now() - timedelta(days=number))
    with django_assert_num_queries(2):
        assert report(alice, MONTH).total.calls == 20
    with django_assert_num_queries(2):
        found = report(alice, MONTH, whole=True)
    assert {name: tally.calls for name, tally in found.by["user"].items()} == {"alice": 20, "bob": 20}


def test_bars_are_as_high_as_their_share_of_the_highest_and_never_invisible(alice):
    make_call(alice, prompt_tokens=10_000, total_tokens=20_000)
    make_call(alice, prompt_tokens=1, total_tokens=1, created_at=timezone.now() - timedelta(days=1))
    tokens, money, failures = charts(report(alice, MONTH, prices=PriceList()))
    assert len(tokens.bars) == 30
    assert [(part.part, part.y, part.height) for part in tokens.bars[-1].segments] == [
        ("input", 500, 500),
        ("output", 0, 500),
    ]
    assert tokens.bars[-2].segments[0].height > 0
    assert money.highest.value == Decimal("0.03")
    assert failures.highest is None
