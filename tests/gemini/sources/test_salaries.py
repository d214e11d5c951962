from hypothesis import given
from hypothesis import strategies as st

from gemini.sources.vacancies.salaries import statistics
from gemini.sources.vacancies.shapes import Pay, Vacancy


def vacancy(low="", high="", currency="BYN", tax="net", per="MONTH"):
    return Vacancy("1", "x", "y", "Минск", Pay(low, high, currency, tax, per) if low or high else None, "", "")


def test_lower_and_upper_bounds_are_counted_apart():
    found = statistics([vacancy("1000", "2000"), vacancy("3000"), vacancy("", "4000"), vacancy()])
    assert (found["looked_at"], found["without_salary"]) == (4, 1)
    [group] = found["groups"]
    assert (group["from_median"], group["to_median"], group["median_of_middles"]) == ("2000", "3000", "1500")
    assert (group["count"], group["with_both_bounds"]) == (3, 1)


def test_a_currency_a_tax_and_a_period_are_each_a_group_of_their_own():
    kinds = [
        {},
        {"currency": "USD"},
        {"tax": "gross"},
        {"tax": ""},
        {"per": "SHIFT"},
        {"per": "HOUR"},
    ]
    found = statistics([vacancy(str(n), **kind) for n, kind in enumerate(kinds, 1)])
    assert [group["from_median"] for group in sorted(found["groups"], key=lambda group: int(group["from_median"]))] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]


amounts = st.integers(1, 10**6).map(str) | st.just("")
vacancies = st.builds(
    vacancy, amounts, amounts, st.sampled_from(["BYN", "RUB"]), st.sampled_from(["net", "gross", ""]), st.just("MONTH")
)


@given(st.lists(vacancies, max_size=40))
def test_every_vacancy_is_in_one_group_or_without_pay(found):
    result = statistics(found)
    assert result["looked_at"] == len(found)
    assert sum(group["count"] for group in result["groups"]) + result["without_salary"] == len(found)
    for group in result["groups"]:
        if "from_median" in group:
            assert float(group["from_lowest"]) <= float(group["from_median"]) <= float(group["from_highest"])
