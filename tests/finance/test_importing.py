"""From a file to records: nothing before it is confirmed, all of it at one stroke, nothing twice, nobody else's."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from finance import importing
from finance.models import ImportBatch, Salary, Transaction
from tests import factories
from tests.finance.test_statements import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def bring(user, name):
    return importing.begin(user, name, (FILES / name).read_bytes())


def test_nothing_is_stored_before_it_is_confirmed(alice):
    batch = bring(alice, "bank_tbank_classic.csv")
    assert not Transaction.objects.exists()
    assert len(importing.outlook(batch).new) == 3
    stored = importing.store(batch)
    assert (stored.added, stored.known, Transaction.objects.for_user(alice).count()) == (3, 0, 3)
    assert stored.rows == []


def test_the_same_file_twice_adds_nothing_and_confirming_twice_neither(alice):
    batch = bring(alice, "bank_tbank_classic.csv")
    importing.store(batch)
    importing.store(batch)
    again = bring(alice, "bank_tbank_classic.csv")
    assert importing.outlook(again).new == []
    stored = importing.store(again)
    assert (stored.added, stored.known, Transaction.objects.count()) == (0, 3, 3)


def test_two_previews_of_one_file_confirmed_one_after_the_other_add_it_once(alice):
    first, second = bring(alice, "bank_priorbank_by.csv"), bring(alice, "bank_priorbank_by.csv")
    assert importing.store(first).added == 4
    assert importing.store(second).added == 0


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_confirm_one_file_at_once_add_it_once(alice):
    batches = [bring(alice, "bank_priorbank_by.csv") for _ in range(4)]
    added = []

    def confirm(batch):
        try:
            added.append(importing.store(batch).added)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [0, 0, 0, 4]
    assert Transaction.objects.count() == 4


def test_two_users_may_bring_the_same_file(alice, bob):
    for user in (alice, bob):
        assert importing.store(bring(user, "bank_alfa_ru.csv")).added == 2
    assert Transaction.objects.for_user(bob).count() == 2


def test_a_changed_row_is_still_known(alice):
    importing.store(bring(alice, "bank_alfa_ru.csv"))
    Transaction.objects.update(category="Иначе", description="по-своему", amount="-1.00")
    assert importing.outlook(bring(alice, "bank_alfa_ru.csv")).new == []


def test_the_database_itself_refuses_a_row_twice(alice):
    factories.make_transaction(alice, fingerprint="f")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_transaction(alice, fingerprint="f")
    factories.make_transaction(alice), factories.make_transaction(alice)


def test_an_import_is_taken_back_as_a_whole_and_can_be_done_again(alice):
    mine = factories.make_transaction(alice)
    batch = importing.store(bring(alice, "bank_alfa_ru.csv"))
    batch.delete()
    assert list(Transaction.objects.all()) == [mine]
    assert importing.store(bring(alice, "bank_alfa_ru.csv")).added == 2


def test_salaries_go_among_the_salaries(alice):
    batch = importing.store(bring(alice, "salary_template.csv"))
    assert batch.kind == ImportBatch.Kind.SALARIES
    assert [str(salary.period) for salary in Salary.objects.for_user(alice)] == ["2026-09-01"] * 3
    assert not Transaction.objects.exists()


def test_of_one_user_only_the_last_previews_wait(alice, bob):
    mine = bring(bob, "bank_alfa_ru.csv")
    stored = importing.store(bring(alice, "bank_alfa_ru.csv"))
    waiting = [bring(alice, "bank_alfa_ru.csv") for _ in range(importing.MOST_WAITING + 2)]
    left = set(ImportBatch.objects.values_list("pk", flat=True))
    assert left == {mine.pk, stored.pk, *(batch.pk for batch in waiting[2:])}


def test_columns_may_be_named_anew_until_the_import_is_stored(alice):
    text = "Когда;Куда;Сколько\n01.10.2026;Кофе;3,50\n02.10.2026;Хлеб;ой\n"
    batch = importing.begin(alice, "своё.csv", text.encode())
    assert batch.needs_columns
    importing.name_columns(batch, {"date": 0, "amount": 2}, currency="BYN", all_spent=False)
    importing.name_columns(batch, {"date": 0, "amount": 2, "counterparty": 1}, currency="RUB", all_spent=True)
    importing.store(batch)
    [row] = Transaction.objects.all()
    assert (str(row.amount), row.currency, row.counterparty) == ("-3.50", "RUB", "Кофе")
    assert [problem["line"] for problem in batch.problems] == [3]
