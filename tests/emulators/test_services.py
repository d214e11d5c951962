"""The stand-ins speak the documented protocols, also where these are awkward."""

import httpx
import pytest

AGENT = {"HH-User-Agent": "gemini-chat/1.0 (tests@gemini.local)"}


@pytest.fixture
def nbrb(services):
    services.nbrb.fail("", now="2026-11-20T10:00")
    with httpx.Client(base_url=services.nbrb.url) as client:
        yield client


@pytest.fixture
def hh(services):
    headers = {**AGENT, "Authorization": f"Bearer {services.token}"}
    with httpx.Client(base_url=services.hh.url, headers=headers) as client:
        yield client


def test_a_rate_is_found_by_number_digits_and_letters(nbrb):
    rates = [
        nbrb.get("/exrates/rates/431").json(),
        nbrb.get("/ExRates/Rates/840?ParamMode=1").json(),
        nbrb.get("/api/exrates/rates/usd?parammode=2").json(),
    ]
    assert rates[0] == rates[1] == rates[2]
    assert set(rates[0]) == {"Cur_ID", "Date", "Cur_Abbreviation", "Cur_Scale", "Cur_Name", "Cur_OfficialRate"}
    assert nbrb.get("/exrates/rates/USD").status_code == 400
    assert nbrb.get("/exrates/rates/XXX?parammode=2").status_code == 404


def test_a_day_that_is_not_set_is_an_empty_list_or_404(nbrb):
    assert nbrb.get("/exrates/rates?ondate=2026-11-21&periodicity=0").json() == []
    assert nbrb.get("/exrates/rates/USD?parammode=2&ondate=2026-11-21").status_code == 404
    assert len(nbrb.get("/exrates/rates?ondate=2026-11-9&periodicity=0").json()) > 10
    assert nbrb.get("/exrates/rates?ondate=x").status_code == 400


def test_dynamics_are_cut_at_365_days_and_end_with_a_number(nbrb):
    rows = nbrb.get("/exrates/rates/dynamics/431?startdate=2024-01-01&enddate=2026-01-01").json()
    assert (len(rows), rows[-1]["Date"]) == (365, "2024-12-30T00:00:00")
    assert nbrb.get("/exrates/rates/dynamics/145?startdate=2026-01-01&enddate=2026-01-09").json() == []
    old = nbrb.get("/exrates/rates/dynamics/145?startdate=2021-07-01&enddate=2021-07-20").json()
    assert old[-1]["Date"] == "2021-07-08T00:00:00"


def test_an_unchanged_answer_is_not_sent_again(nbrb):
    first = nbrb.get("/exrates/currencies")
    again = nbrb.get("/exrates/currencies", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert {row["Cur_ID"] for row in first.json() if row["Cur_Abbreviation"] == "USD"} == {145, 431}


def test_rates_keep_their_zeros(nbrb):
    assert '"Cur_OfficialRate": ' in nbrb.get("/exrates/rates").text
    assert all(len(part.split("}")[0]) >= 6 for part in nbrb.get("/exrates/rates").text.split('OfficialRate": ')[1:])


def test_nobody_is_answered_without_saying_who_he_is(hh):
    for agent, value in (("", "unset"), ("x/1.0 (me@example.com)", "blacklisted"), ("curl/8", "blacklisted")):
        answer = hh.get("/areas", headers={"HH-User-Agent": agent})
        assert (answer.status_code, answer.json()["errors"][0]["value"]) == (400, value)


def test_vacancies_need_the_token_and_dictionaries_do_not(services):
    with httpx.Client(base_url=services.hh.url, headers=AGENT) as anyone:
        assert anyone.get("/areas").status_code == anyone.get("/dictionaries").status_code == 200
        assert anyone.get("/vacancies").json()["errors"] == [{"type": "forbidden"}]
        wrong = anyone.get("/vacancies", headers={"Authorization": "Bearer nope"})
        assert (wrong.status_code, wrong.json()["errors"][0]["value"]) == (403, "bad_authorization")
        assert anyone.get("/me", headers={"Authorization": f"Bearer {services.token}"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("per_page=101", "per_page"),
        ("page=20&per_page=100", "page"),
        ("experience=much", "experience"),
        ("area=999999", "area"),
        ("period=31", "period"),
        ("period=5&date_from=2026-11-01", "period"),
        ("order_by=luck", "order_by"),
        ("salary=many", "salary"),
        ("currency=RUB", "currency"),
    ],
)
def test_a_wrong_argument_is_named(hh, query, field):
    answer = hh.get(f"/vacancies?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"type": "bad_argument", "value": field}]


def test_unknown_parameters_are_ignored_and_known_ones_repeat(hh):
    whole = hh.get("/vacancies?text=python&typo=1").json()
    assert hh.get("/vacancies?text=python").json()["found"] == whole["found"]
    assert whole["per_page"] == 10
    both = hh.get("/vacancies?text=python&area=1002&area=1").json()["found"]
    assert both == sum(hh.get(f"/vacancies?text=python&area={area}").json()["found"] for area in (1002, 1))


def test_too_many_in_a_second_are_refused(hh):
    statuses = [hh.get("/areas").status_code for _ in range(14)]
    assert statuses[0] == 200
    assert 429 in statuses
