"""What the model may ask: one's own sums, and nobody else's whatever its arguments say."""

import asyncio
import json

import pytest

from finance.sources import Rows, Salaries, Sums
from gemini.service import GeminiService
from gemini.sources import SourceFailure, State, registered
from gemini.sources.arguments import checked
from tests import factories

# Sources read on connections of their own.
pytestmark = pytest.mark.django_db(transaction=True)

SOURCES = [Sums(), Rows(), Salaries()]


def ask(source, user, **arguments):
    return asyncio.run(source.run(user, arguments))


@pytest.fixture
def money(alice, bob):
    factories.make_transaction(alice, "-12.50", category="Кафе", counterparty="Кофейня")
    factories.make_transaction(alice, "2450.00", category="Зарплата", counterparty="Василёк")
    factories.make_salary(alice, "2450.00", employer="Василёк")
    factories.make_transaction(bob, "-777.77", category="Тайна", counterparty="Тайна Боба")
    factories.make_salary(bob, "888.88", employer="Тайна Боба")


def test_all_three_are_registered():
    assert {source.name for source in SOURCES} <= registered().keys()


def test_sums_are_finished_and_plain_json(alice, money, services):
    found = ask(Sums(), alice)
    assert found.state == State.OK
    assert found.data["total"] == {"income": "2450.00", "spending": "12.50", "net": "2437.50", "count": 2}
    assert json.loads(json.dumps(found.data)) == found.data
    assert ask(Sums(), alice, since="2026-11-01").data["total"]["count"] == 0
    [month] = ask(Salaries(), alice).data["months"]
    assert month["BYN"] == "2450.00"
    assert float(month["USD"]) > 0


def test_rows_are_few_and_found_by_words(alice, money):
    found = ask(Rows(), alice, text="КОФЕ").data
    assert [row["amount"] for row in found["rows"]] == ["-12.50"]
    assert ask(Rows(), alice, category="Зарплата", limit=1).data["found"] == 1


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_nothing_of_anothers_is_ever_in_an_answer(source, alice, money, services):
    answer = json.dumps(ask(source, alice).data, ensure_ascii=False)
    assert "Тайна" not in answer
    assert "777" not in answer
    assert "888" not in answer


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
@pytest.mark.parametrize("extra", [{"user": 2}, {"user_id": 2}, {"username": "bob"}, {"limit": 10_000}])
def test_no_argument_names_a_user_or_asks_for_everything(source, extra):
    assert checked(source.parameters, extra)[1]


def test_a_day_that_is_none_is_told_to_the_model(alice):
    with pytest.raises(SourceFailure, match="since"):
        ask(Sums(), alice, since="вчера")


def test_several_at_once_do_not_wait_for_each_other_while_the_bank_is_slow(alice, services):
    factories.make_transaction(alice, "-1.00", currency="USD")
    services.nbrb.fail("slow", times=1)

    async def four():
        return await asyncio.gather(*(Sums().run(alice, {}) for _ in range(4)))

    results = asyncio.run(asyncio.wait_for(four(), 9.5))
    assert all(result.data["currencies"][0]["spending"] == "1.00" for result in results)


def test_the_model_asks_and_the_answer_shows_what_it_was_sent(alice, money, live, services):
    service = GeminiService(alice, "pages")
    exchange = service.answered(service.send(None, "[[call finance_summary {}]] Сколько я трачу?"))
    [record] = exchange.reply.metadata["sources"]
    assert record["name"] == "finance_summary"
    assert record["sent"]["data"]["total"]["spending"] == "12.50"
    assert "Боба" not in json.dumps(record, ensure_ascii=False)
