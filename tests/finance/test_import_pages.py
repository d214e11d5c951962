"""The way of a file through the pages: brought, shown, confirmed or not. No script takes part in it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from finance import blanks, statements
from finance.models import ImportBatch, Salary, Transaction
from tests import factories
from tests.finance.test_statements import FILES
from tests.visitor import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

IMPORTS = "/finance/import/"


def words(response):
    return text_of(response.content.decode())


def bring(client, content, name="выписка.csv"):
    return client.post(IMPORTS, {"file": SimpleUploadedFile(name, content)})


def sample(name):
    return (FILES / name).read_bytes()


def test_a_file_is_shown_before_it_is_stored_and_stored_when_confirmed(alice, alices):
    preview = bring(alices, sample("bank_priorbank_by.csv"), "bank.csv").url
    page = words(alices.get(preview))
    assert "Приорбанк" in page
    assert "Строка 21 : заблокирована" in page or "Строка 21: заблокирована" in page
    assert not Transaction.objects.exists()
    assert alices.post(f"{preview}confirm/").url == "/finance/"
    assert Transaction.objects.for_user(alice).count() == 4
    assert "Добавлено: 4" in words(alices.get(preview))


def test_the_same_file_again_is_known_in_the_preview(alices):
    alices.post(f"{bring(alices, sample('bank_alfa_ru.csv')).url}confirm/")
    page = words(alices.get(bring(alices, sample("bank_alfa_ru.csv")).url))
    assert "Уже были 2" in page
    assert "Записывать нечего" in page


def test_what_the_client_sends_with_its_word_changes_nothing(alices):
    preview = bring(alices, sample("bank_alfa_ru.csv")).url
    alices.post(f"{preview}confirm/", {"rows": '[{"amount": "1000000"}]', "user": 1, "amount": "1"})
    assert {str(row.amount) for row in Transaction.objects.all()} == {"-8000.00", "192351.88"}


def test_a_preview_of_anothers_is_none(alice, bobs):
    batch = factories.make_batch(alice)
    for action in ("", "confirm/", "columns/", "delete/"):
        method = bobs.post if action else bobs.get
        assert method(f"{IMPORTS}{batch.pk}/{action}").status_code == 404
    assert ImportBatch.objects.filter(pk=batch.pk).exists()


def test_a_preview_that_is_declined_is_forgotten(alices):
    preview = bring(alices, sample("bank_alfa_ru.csv")).url
    assert alices.post(f"{preview}delete/").url == IMPORTS
    assert not ImportBatch.objects.exists()


def test_an_import_is_taken_back_after_a_question(alices):
    preview = bring(alices, sample("bank_alfa_ru.csv")).url
    alices.post(f"{preview}confirm/")
    assert "будет удалено, записей: 2" in words(alices.get(f"{preview}delete/"))
    assert Transaction.objects.count() == 2
    alices.post(f"{preview}delete/")
    assert not Transaction.objects.exists()


def test_the_columns_of_an_unknown_file_are_named_by_hand(alices):
    content = "Когда;Куда;Сколько\n01.10.2026;Кофе;3,50\n02.10.2026;Хлеб;ой\n".encode()
    preview = bring(alices, content).url
    assert "Заголовок этого файла не узнан" in words(alices.get(preview))
    # Which column is what is not said yet: there is nothing to store.
    assert Transaction.objects.count() == 0
    wrong = alices.post(f"{preview}columns/", {"date": "0", "default_currency": "BYN"})
    assert wrong.status_code == 422
    assert "Укажите колонку с суммой" in words(wrong)
    named = {"date": "0", "amount": "2", "counterparty": "1", "default_currency": "byn", "all_spent": "on"}
    assert alices.post(f"{preview}columns/", named).url == preview
    assert re.search("Строка 3 ?: сумма не читается", words(alices.get(preview)))
    alices.post(f"{preview}confirm/")
    assert str(Transaction.objects.get().amount) == "-3.50"
    assert alices.post(f"{preview}columns/", named).url == preview
    assert Transaction.objects.count() == 1


@pytest.mark.parametrize("column", ["99", "-1", "x", ""])
def test_a_column_that_is_not_there_is_refused(alices, column):
    preview = bring(alices, "Когда;Сколько\n01.10.2026;3,50\n".encode()).url
    response = alices.post(f"{preview}columns/", {"date": column, "amount": "1", "default_currency": "BYN"})
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Файл пуст"),
        (b"%PDF-1.7", "Это PDF"),
        (b"x" * (statements.MAX_BYTES + 1), "5 МБ"),
        (b"\xff\xfe\x00\xd8", ""),
    ],
)
def test_what_cannot_be_read_is_refused_beside_the_field(alices, content, said):
    response = bring(alices, content)
    assert response.status_code == 422
    assert said in words(response)
    assert not ImportBatch.objects.exists()


def test_no_file_at_all_is_said(alices):
    response = alices.post(IMPORTS)
    assert response.status_code == 422
    assert "Выберите файл" in words(response)


@pytest.mark.parametrize(("name", "model"), [("transactions", Transaction), ("salaries", Salary)])
def test_our_own_blank_is_read_back(alices, name, model):
    blank = alices.get(f"{IMPORTS}{name}.csv")
    assert blank.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in blank.headers["Content-Disposition"]
    alices.post(f"{bring(alices, blank.content).url}confirm/")
    assert model.objects.count() == len(getattr(blanks, name.upper())) - 1


def test_names_in_a_file_are_only_text_in_the_preview(alices):
    content = (
        "Дата;Сумма;Валюта;Категория;Кому или от кого;Описание\n05.10.2026;-1,00;BYN;<b>x</b>;<i>y</i>;z\n<u>;;;;;\n"
    )
    page = alices.get(bring(alices, content.encode(), "<s>.csv").url).content.decode()
    assert not re.search("<(b|i|u|s)>", page)
