"""HH.ru through the real client: who may ask, what is asked, and how its traps are read."""

from decimal import Decimal

import pytest

from gemini.sources import State, hh
from gemini.sources.hh import pay_of, vacancy_of

pytestmark = pytest.mark.storage


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(hh, "PACE", 0)


def asked(services, path="/vacancies"):
    return [entry for entry in services.hh.log() if entry["path"] == path]


async def test_a_search_names_the_application_and_brings_todays_money(ask, services):
    result = await ask("vacancies_search", text="python", area="Минск", experience="between1And3")
    assert result.state == State.OK
    assert result.data["area"] == "Минск"
    assert result.data["total"] > len(result.data["vacancies"]) == 20
    assert {one["area"] for one in result.data["vacancies"]} == {"Минск"}
    assert {one["experience"] for one in result.data["vacancies"]} == {"От 1 года до 3 лет"}
    pays = [one["pay"] for one in result.data["vacancies"] if "pay" in one]
    assert any(" BYN " in pay for pay in pays)
    assert not any("BYR" in pay or "RUR" in pay for pay in pays)
    assert all(one["url"].startswith("https://rabota.by/") for one in result.data["vacancies"])
    [entry] = asked(services)
    assert entry["headers"]["hh-user-agent"] == entry["headers"]["user-agent"] == "gemini-chat/1.0 (tests@gemini.local)"
    query = dict(entry["query"])
    assert (query["area"], query["per_page"], query["no_magic"]) == ("1002", "20", "true")


async def test_wanted_pay_goes_in_hhs_own_codes(ask, services):
    await ask("vacancies_search", text="java", salary_from=2_000, currency="BYN", only_with_salary=True, period_days=7)
    query = dict(asked(services)[0]["query"])
    assert (query["salary"], query["currency"], query["label"], query["period"]) == ("2000", "BYR", "with_salary", "7")


async def test_the_same_question_is_asked_once_for_all_users(ask, services):
    first = await ask("vacancies_search", text="python")
    assert await ask("vacancies_search", text="python") == first
    await ask("vacancies_search", text="python", page=1)
    assert len(asked(services)) == 2


@pytest.mark.parametrize(("words", "found"), [("Нижний Новгород", "Нижний Новгород"), ("могилёв", "Могилёв")])
async def test_a_place_is_found_by_its_words(ask, words, found):
    assert (await ask("vacancies_search", text="java", area=words)).data["area"] == found


async def test_a_place_that_nobody_knows_is_refused_in_words(ask, services):
    result = await ask("vacancies_search", text="java", area="Атлантида")
    assert (result.state, result.message) == (State.INVALID, "HH.ru не знает места «Атлантида».")
    assert not asked(services)


async def test_deeper_than_2000_is_not_even_asked(ask, services):
    result = await ask("vacancies_search", text="python", page=100)
    assert result.state == State.INVALID
    assert "2000" in result.message
    assert not services.hh.log()


async def test_one_vacancy_is_text_without_markup(ask):
    found = (await ask("vacancies_search", text="python")).data["vacancies"][0]
    result = await ask("vacancies_get", id=found["id"])
    assert result.data["skills"]
    assert "ищет коллегу" in result.data["description"]
    assert "<" not in str(result.data)
    assert result.url == found["url"]


async def test_a_vacancy_that_is_gone_is_said_to_be(ask):
    assert (await ask("vacancies_get", id="1")).message == "Такой вакансии на HH.ru нет: возможно, её сняли."


async def test_statistics_look_at_three_pages_and_mix_nothing(ask, services):
    result = await ask("vacancies_salaries", text="1С")
    assert result.data["looked_at"] == min(result.data["total"], 300) > 100
    assert len(asked(services)) > 1
    kinds = [(group["currency"], group["tax"], group["per"]) for group in result.data["groups"]]
    assert len(kinds) == len(set(kinds)) > 5
    assert sum(group["count"] for group in result.data["groups"]) == result.data["looked_at"]


@pytest.mark.parametrize(
    ("salary", "pay"),
    [
        (
            {"from": 1800, "to": None, "currency": "BYR", "gross": True, "mode": {"id": "SHIFT"}},
            ("1800", "", "BYN", "gross", "SHIFT"),
        ),
        ({"from": None, "to": Decimal("9.50"), "currency": "USD", "gross": False}, ("", "9.5", "USD", "net", "MONTH")),
        ({"from": 0, "to": 100, "currency": "RUR", "gross": None}, ("", "100", "RUB", "", "MONTH")),
        ({"from": None, "to": None, "currency": "RUR"}, None),
        (None, None),
    ],
)
def test_pay_is_read_with_its_currency_tax_and_period(salary, pay):
    read = pay_of(salary)
    assert (read and (read.low, read.high, read.currency, read.tax, read.per)) == pay


def test_what_may_be_missing_in_a_vacancy_may_be_missing():
    vacancy = vacancy_of({"id": "5", "name": "Кто-то", "employer": {}, "snippet": {"requirement": None}})
    assert (vacancy.employer, vacancy.pay, vacancy.url) == ("", None, "")
    foreign = vacancy_of({"id": "5", "name": "x", "alternate_url": "https://hh.ru.evil.example/v"})
    assert foreign.url == ""
