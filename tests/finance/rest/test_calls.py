"""Import, sums and analysis for programs."""

import pytest

from finance.models import ImportBatch, Salary, Transaction
from gemini.models import ChatSession
from tests import factories
from tests.finance.test_statements import FILES
from tests.gemini.rest import described


@pytest.mark.django_db
@pytest.mark.storage
def test_a_file_is_imported_and_the_same_file_again_adds_nothing(owner, alice):
    content = (FILES / "bank_priorbank_by.csv").read_bytes()
    first, again = owner.bring(content), owner.bring(content)
    for response in (first, again):
        described.check("post", "/api/v1/finance/import/", response)
    assert (first.json()["added"], first.json()["known"]) == (4, 0)
    assert [note["line"] for note in first.json()["left_out"]] == [21]
    assert (again.json()["added"], again.json()["known"]) == (0, 4)
    assert Transaction.objects.for_user(alice).count() == Transaction.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.storage
def test_a_broken_row_is_named_and_the_rest_is_stored(owner):
    text = "Дата;Тип;Сумма;Валюта;Работодатель;До налогов;Комментарий\n10.09.2026;Аванс;много;BYN;Я;нет;\n"
    answer = owner.bring(f"{text}25.09.2026;Зарплата;2450,50;BYN;Я;нет;\n".encode()).json()
    assert (answer["kind"], answer["added"]) == ("salaries", 1)
    assert [(note["line"], note["message"]) for note in answer["problems"]] == [(2, "сумма не читается: «много»")]
    assert Salary.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.storage
@pytest.mark.parametrize("content", [b"", b"%PDF", "Когда;Сколько\n01.10.2026;3,50\n".encode(), b"x" * 5_300_000])
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(owner, content):
    response = owner.bring(content)
    described.check("post", "/api/v1/finance/import/", response)
    assert response.status_code == 400
    assert list(response.json()) == ["file"]
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
@pytest.mark.storage
def test_an_import_needs_a_file_and_a_form(owner):
    assert owner.post("import/", {"file": "x"}).status_code == 415
    response = owner.client.post("/api/v1/finance/import/", {"file": "x"}, headers=owner.headers)
    assert response.json() == {"file": ["Выберите файл."]}


@pytest.mark.django_db
@pytest.mark.storage
def test_sums_are_ones_own_and_of_the_days_that_are_asked_for(owner, stranger, alice):
    factories.make_transaction(alice, "-12.50", category="Кафе")
    factories.make_transaction(alice, "-100.00", currency="ZZZ")
    found = owner.get("summary/?since=2026-10-05&until=2026-10-05").json()
    assert found["total"] == {"income": "0.00", "spending": "12.50", "net": "-12.50", "count": 1}
    assert found["categories"][0]["category"] == "Кафе"
    assert found["not_converted"][0]["currency"] == "ZZZ"
    assert found["not_converted"][0]["rate_as_of"] is None
    assert owner.get("summary/?since=2026-10-06").json()["total"]["count"] == 0
    assert owner.get("summary/?since=06.10.2026").status_code == 400
    assert stranger.get("summary/").json()["total"]["count"] == 0


@pytest.mark.django_db(transaction=True)
def test_an_analysis_is_answered_and_stays_in_a_session_with_what_was_sent(owner, alice, live):
    factories.make_transaction(alice, "-12.50", category="Кафе")
    answer = owner.post("analyze/", {"question": "На что уходят деньги?"}, **{"Idempotency-Key": "a"}).json()
    assert answer["sent"].startswith("На что уходят деньги?")
    assert "- Кафе: 12.50" in answer["sent"]
    session = ChatSession.objects.for_user(alice).get(pk=answer["session_id"])
    assert [message.content for message in session.messages.all()] == [answer["sent"], answer["response"]]
    again = owner.post("analyze/", {"question": "На что уходят деньги?"}, **{"Idempotency-Key": "a"}).json()
    assert again["session_id"] == answer["session_id"]


@pytest.mark.django_db
@pytest.mark.storage
def test_an_analysis_of_nothing_or_without_a_key_asks_nobody(owner, alice):
    assert owner.post("analyze/").status_code == 404
    factories.make_transaction(alice)
    assert owner.post("analyze/").json() == {"error": "API ключ не настроен", "code": "api_key_missing"}
    assert not ChatSession.objects.exists()
