"""Transactions and salaries for programs; every answer is held against the schema by the caller itself."""

from datetime import date

import pytest

from finance.models import Salary, Transaction
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

COFFEE = {"date": "2026-10-05", "amount": "-12.50", "currency": "BYN", "category": "Кафе", "counterparty": "Кофейня"}
PAY = {"date": "2026-10-05", "amount": "1250.50", "currency": "BYN", "kind": "salary", "employer": "ООО «Василёк»"}


def test_a_transaction_lives_from_its_making_to_its_end(owner, alice):
    made = owner.post("transactions/", COFFEE)
    assert made.status_code == 201
    assert made.json() == {"id": made.json()["id"], **COFFEE, "description": "", "account": "", "is_transfer": False}
    path = f"transactions/{made.json()['id']}/"
    assert owner.get(path).json() == made.json()
    assert owner("patch", path, {"amount": "7.00"}).json()["amount"] == "7.00"
    assert owner("put", path, COFFEE | {"is_transfer": True}).json()["is_transfer"] is True
    assert Transaction.objects.get().user == alice
    assert owner("delete", path).status_code == 204
    assert owner.get(path).status_code == 404
    assert owner.get(path).json() == {"error": "Запись не найдена", "code": "not_found"}


def test_a_salary_is_paid_for_a_month(owner):
    assert owner.post("salaries/", PAY).json()["period"] == "2026-10-01"
    made = owner.post("salaries/", PAY | {"period": "2026-09-17"}).json()
    assert made["period"] == "2026-09-01"
    assert owner("patch", f"salaries/{made['id']}/", {"is_gross": True}).json()["is_gross"] is True
    assert owner.post("salaries/", PAY | {"amount": "-1.00"}).json() == {"amount": ["Сумма должна быть больше нуля."]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 12.5),
        ("amount", "0.00"),
        ("amount", "1e3"),
        ("amount", "1.234"),
        ("amount", "9" * 13),
        ("amount", "NaN"),
        ("amount", None),
        ("currency", "byn"),
        ("currency", 933),
        ("date", "05.10.2026"),
        ("date", "2026-02-30"),
        ("date", 20261005),
        ("category", 7),
        ("category", "х" * 101),
        ("category", "а\0б"),
        ("category", "\ud800"),
        ("is_transfer", "true"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_by_its_field(owner, field, value):
    response = owner.post("transactions/", COFFEE | {field: value})
    assert response.status_code == 400
    assert list(response.json()) == [field]
    assert not Transaction.objects.exists()


def test_what_is_missing_is_said_in_the_words_of_the_specification(owner):
    required = ["Это поле обязательно для заполнения."]
    assert owner.post("transactions/").json() == dict.fromkeys(("date", "amount", "currency"), required)


def test_whose_a_record_is_and_where_it_came_from_cannot_be_written(owner, alice, bob):
    batch = factories.make_batch(bob)
    mine = {
        "user": bob.pk,
        "user_id": bob.pk,
        "id": 7,
        "fingerprint": "x",
        "batch": batch.pk,
        "created_at": "2020-01-01",
    }
    for path, body in (("transactions/", COFFEE), ("salaries/", PAY)):
        made = owner.post(path, body | mine).json()
        owner("patch", f"{path}{made['id']}/", mine)
    for model in (Transaction, Salary):
        record = model.objects.get()
        assert (record.user, record.fingerprint, record.batch) == (alice, "", None)
        assert record.created_at.year > 2020


@pytest.mark.parametrize("path", ["transactions/", "salaries/"])
def test_a_stranger_finds_nothing_in_lists_and_by_number(owner, stranger, alice, path):
    record = factories.make_transaction(alice) if path == "transactions/" else factories.make_salary(alice)
    assert owner.get(path).json()["count"] == 1
    assert stranger.get(path).json()["results"] == []
    for method in ("get", "put", "patch", "delete"):
        assert stranger(method, f"{path}{record.pk}/", COFFEE if method != "get" else None).status_code == 404
    assert type(record).objects.get().amount == record.amount


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("since=2026-10-05", {"Кофейня", "Аванс"}),
        ("until=2026-10-01", {"Рынок"}),
        ("direction=income", {"Аванс"}),
        ("currency=RUB", {"Рынок"}),
        ("category=Кафе", {"Кофейня"}),
        ("search=КОФЕ", {"Кофейня"}),
        ("page_size=1&page=3", {"Рынок"}),
        ("ordering=amount&page_size=1", {"Кофейня"}),
    ],
)
def test_a_list_is_narrowed_searched_ordered_and_paged(owner, alice, query, found):
    factories.make_transaction(alice, "-12.50", counterparty="Кофейня", category="Кафе")
    factories.make_transaction(alice, "-5.00", counterparty="Рынок", currency="RUB", date=date(2026, 10, 1))
    factories.make_transaction(alice, "1200.00", counterparty="Аванс")
    results = owner.get(f"transactions/?{query}").json()["results"]
    assert {row["counterparty"] for row in results} == found


@pytest.mark.parametrize(
    "query", ["since=вчера", "since=2026-1-1", "until=", "direction=вбок", "currency=рубль", "page_size=x"]
)
def test_a_filter_that_means_nothing_is_refused_not_ignored(owner, query):
    assert owner.get(f"transactions/?{query}").status_code == 400
