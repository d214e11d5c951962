"""Lists, entry by hand, and what is done with rows that are ticked."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.models import Salary, Transaction
from tests import factories
from tests.visitor import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

LIST = "/finance/"
RESULTS = {"HX-Request": "true", "HX-Target": "finance-results"}
TABLE = {"HX-Request": "true", "HX-Target": "transactions"}
NEW = {"date": "2026-10-05", "direction": "spending", "amount": "1 234,50", "currency": "byn", "category": "Кафе"}


def words(response):
    return text_of(response.content.decode())


def test_a_list_shows_what_is_ones_own_and_nothing_else(alice, bob, alices, bobs):
    factories.make_transaction(alice, counterparty="Кофейня")
    assert "Кофейня" in words(alices.get(LIST))
    assert "Кофейня" not in words(bobs.get(LIST))
    assert "Здесь появятся ваши доходы и расходы" in words(bobs.get(LIST))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("since=2026-10-02", {"Кофейня", "Аванс"}),
        ("until=2026-10-01", {"Рынок"}),
        ("direction=income", {"Аванс"}),
        ("direction=spending", {"Кофейня", "Рынок"}),
        ("currency=RUB", {"Рынок"}),
        ("category=Кафе", {"Кофейня"}),
        ("category=-", {"Рынок", "Аванс"}),
        ("q=КОФЕ", {"Кофейня"}),
        ("q=кофе+латте", {"Кофейня"}),
        ("q=кофе+чай", set()),
        ("q=%25", set()),
    ],
)
def test_a_list_is_narrowed_by_its_address(alice, alices, query, found):
    factories.make_transaction(alice, counterparty="Кофейня", category="Кафе", description="Латте")
    factories.make_transaction(alice, counterparty="Рынок", currency="RUB", date=date(2026, 10, 1))
    factories.make_transaction(alice, "1200.00", counterparty="Аванс")
    table = alices.get(f"{LIST}?{query}", headers=TABLE).content.decode()
    assert {name for name in ("Кофейня", "Рынок", "Аванс") if f">{name}<" in table} == found


def test_htmx_gets_the_part_that_it_asks_for_and_caches_are_told(alice, alices):
    factories.make_transaction(alice)
    whole, results, table = (alices.get(LIST, headers=headers) for headers in ({}, RESULTS, TABLE))
    assert b"<html" in whole.content
    assert results.content.strip().startswith(b'<div id="finance-results"')
    assert (
        table.content.strip().startswith(b'<section id="transactions"') or b'id="transactions"' in table.content[:300]
    )
    assert all("HX-Request" in response.headers["Vary"] for response in (whole, results, table))
    assert b"<svg" not in table.content


def test_sorting_and_paging_stand_in_the_address_and_nonsense_in_it_breaks_nothing(alice, alices):
    Transaction.objects.bulk_create(
        Transaction(user=alice, date=date(2026, 1, 1), amount=Decimal(-number)) for number in range(1, 61)
    )
    page = alices.get(f"{LIST}?sort=amount&page=2").content.decode()
    assert "2 из 2" in page
    assert re.search(r"−10,00\sBYN", page)
    for query in ("page=99", "page=x", "sort=user__password", "since=вчера", "category=нет", "q=%00", "sort=-"):
        assert alices.get(f"{LIST}?{query}").status_code in (200, 422), query


def test_the_number_of_queries_does_not_grow_with_the_rows(alice, alices):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert alices.get(LIST).status_code == 200
        return len(found)

    factories.make_transaction(alice)
    few = queries()
    for number in range(30):
        factories.make_transaction(alice, category=f"К{number}")
    assert queries() == few <= 13


def test_a_transaction_is_written_by_hand_changed_and_deleted(alice, alices):
    response = alices.post("/finance/transactions/new/?currency=BYN", NEW)
    assert response.url == "/finance/?currency=BYN"
    record = Transaction.objects.get()
    assert (record.user, record.amount, record.currency) == (alice, Decimal("-1234.50"), "BYN")
    address = record.get_absolute_url()
    assert 'value="1234,50"' in alices.get(address).content.decode()
    alices.post(address, NEW | {"direction": "income", "amount": "7", "user": "2", "fingerprint": "x"})
    record.refresh_from_db()
    assert (record.user, record.amount, record.fingerprint) == (alice, Decimal("7.00"), "")
    assert "Удалить операцию" in words(alices.get(f"{address}delete/"))
    alices.post(f"{address}delete/")
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"amount": text} for text in ("0", "-5", "ой", "1,500", "9" * 16)),
        *({"date": text} for text in ("", "31.02.2026")),
        *({"currency": "фантик"}, {"direction": "вбок"}, {"category": "х" * 101}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_kept(alice, alices, wrong):
    response = alices.post("/finance/transactions/new/", NEW | wrong)
    assert response.status_code == 422
    assert 'class="field__error"' in response.content.decode()
    assert not Transaction.objects.exists()


def test_a_salary_is_paid_for_its_own_month_or_else_for_that_of_the_payment(alice, alices):
    fields = {"date": "2026-10-05", "kind": "salary", "amount": "2000", "currency": "BYN"}
    alices.post("/finance/salaries/new/", fields | {"period": "2026-09"})
    alices.post("/finance/salaries/new/", fields)
    assert {str(salary.period) for salary in Salary.objects.for_user(alice)} == {"2026-09-01", "2026-10-01"}
    page = words(alices.get("/finance/salaries/"))
    assert "Инфляция здесь не известна" in page
    assert "Сентябрь 2026" in page


def test_ticked_rows_get_one_category_and_strangers_rows_nothing(alice, bob, alices):
    mine, other, theirs = (factories.make_transaction(user) for user in (alice, alice, bob))
    chosen = {"chosen": [mine.pk, theirs.pk], "category": "Еда"}
    assert alices.post("/finance/transactions/category/", chosen, headers=RESULTS).status_code == 422
    chosen["chosen"] = [mine.pk]
    response = alices.post("/finance/transactions/category/?currency=BYN", chosen, headers=RESULTS)
    assert "Категория назначена, операций: 1" in words(response)
    assert alices.post("/finance/transactions/category/?currency=BYN", chosen).url == "/finance/?currency=BYN"
    assert [Transaction.objects.get(pk=row.pk).category for row in (mine, other, theirs)] == ["Еда", "", ""]


def test_nothing_ticked_is_said_and_nothing_changes(alice, alices):
    factories.make_transaction(alice, category="Кафе")
    response = alices.post("/finance/transactions/category/", {"category": "Еда"}, headers=RESULTS)
    assert response.status_code == 422
    assert "Отметьте операции" in words(response)
    assert Transaction.objects.get().category == "Кафе"


def test_a_name_from_a_file_is_only_text(alice, alices):
    factories.make_transaction(alice, counterparty="<script>alert(1)</script>", category='"><img src=x onerror=x>')
    page = alices.get(LIST).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_sample_is_for_demonstrations_and_empty_pages_only(alice, alices, settings):
    settings.GEMINI_DEMO = False
    assert alices.post("/finance/sample/").status_code == 404
    settings.GEMINI_DEMO = True
    assert "Загрузить пример" in words(alices.get(LIST))
    assert alices.post("/finance/sample/").url == LIST
    assert Transaction.objects.for_user(alice).count() > 60
    assert alices.post("/finance/sample/").status_code == 404
    [batch] = alice.finance_imports.all()
    alices.post(f"/finance/import/{batch.pk}/delete/")
    assert not Transaction.objects.exists()
    assert not Salary.objects.exists()
