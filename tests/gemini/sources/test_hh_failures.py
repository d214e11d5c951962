"""What HH.ru can do to us: each is a state with words that say who has to do what, and no answer is kept from it."""

import time

import pytest
from django.core.cache import cache

from gemini.sources import State, hh, http

pytestmark = pytest.mark.storage


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(hh, "PACE", 0)


FAILURES = [
    ("forbidden", State.NOT_CONFIGURED, "HH.ru отказывает этому серверу"),
    ("401", State.NOT_CONFIGURED, "HH.ru отказывает этому серверу"),
    ("451", State.NOT_CONFIGURED, "HH_PROXY"),
    ("token_expired", State.NOT_CONFIGURED, "обновите HH_ACCESS_TOKEN"),
    ("token_revoked", State.NOT_CONFIGURED, "обновите HH_ACCESS_TOKEN"),
    ("captcha", State.UNAVAILABLE, "поищите на hh.ru"),
    ("429", State.UNAVAILABLE, "просит подождать"),
    ("down", State.UNAVAILABLE, "не отвечает"),
    ("slow", State.UNAVAILABLE, "не отвечает"),
    ("html", State.UNAVAILABLE, "не отвечает"),
    ("malformed", State.UNAVAILABLE, "не отвечает"),
    ("nonsense", State.UNAVAILABLE, "ответил непонятно"),
    ("503", State.UNAVAILABLE, "не отвечает"),
]


@pytest.mark.parametrize(("kind", "state", "words"), FAILURES)
async def test_each_failure_is_a_state_with_words_and_is_not_kept(ask, services, kind, state, words):
    services.hh.fail(kind)
    result = await ask("vacancies_search", text="python")
    assert (result.state, result.data) == (state, None)
    assert words in result.message
    services.hh.fail("")
    cache.clear()
    assert (await ask("vacancies_search", text="python")).state == State.OK


@pytest.mark.parametrize("kind", ["429", "captcha", "forbidden"])
async def test_who_tells_us_to_wait_is_left_alone(ask, services, kind):
    services.hh.fail(kind, times=1)
    first = await ask("vacancies_search", text="python")
    second = await ask("vacancies_search", text="java")
    assert (second.state, second.message) == (first.state, first.message)
    assert len(services.hh.log()) == 1


@pytest.mark.parametrize("kind", ["down", "html", "429", "503"])
async def test_what_was_found_before_is_given_as_stale_while_hh_is_silent(ask, services, monkeypatch, kind):
    found = await ask("vacancies_search", text="python")
    monkeypatch.setattr(hh, "SEARCH_FRESH", 0)
    services.hh.fail(kind)
    result = await ask("vacancies_search", text="python")
    assert (result.state, result.data) == (State.STALE, found.data)
    assert result.as_of
    assert "раньше" in result.message


async def test_a_refused_token_is_no_reason_to_show_what_it_once_found(ask, services, monkeypatch):
    await ask("vacancies_search", text="python")
    monkeypatch.setattr(hh, "SEARCH_FRESH", 0)
    services.hh.fail("token_revoked")
    assert (await ask("vacancies_search", text="python")).state == State.NOT_CONFIGURED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"HH_ACCESS_TOKEN": ""}, "dev.hh.ru"),
        ({"HH_USER_AGENT": ""}, "HH_USER_AGENT"),
        ({"HH_USER_AGENT": "gemini/1.0 (me@example.com)"}, "настоящим адресом"),
        ({"HH_USER_AGENT": "Mozilla"}, "Название/1.0 (почта)"),
        ({"VACANCY_PROVIDER": "none"}, "выключен администратором"),
    ],
)
async def test_what_has_to_be_set_up_is_said_and_nobody_is_asked(ask, services, settings, change, words):
    for name, value in change.items():
        setattr(settings, name, value)
    result = await ask("vacancies_search", text="python")
    assert result.state == State.NOT_CONFIGURED
    assert words in result.message
    assert not services.hh.log()


async def test_a_wrong_token_is_refused_by_the_service_itself(ask, settings):
    settings.HH_ACCESS_TOKEN = "wrong"
    assert "обновите HH_ACCESS_TOKEN" in (await ask("vacancies_search", text="python")).message


async def test_no_more_than_two_questions_a_second_leave_this_process(ask, services, monkeypatch):
    monkeypatch.setattr(hh, "PACE", 0.2)
    monkeypatch.setattr(hh, "_next_turn", 0.0)
    began = time.monotonic()
    for page in range(4):
        await ask("vacancies_search", text="python", page=page)
    assert time.monotonic() - began >= 0.6


class TestRussia:
    """«Работа России» behind the same shape."""

    @pytest.fixture(autouse=True)
    def chosen(self, settings, services):
        settings.VACANCY_PROVIDER = "trudvsem"
        settings.HH_ACCESS_TOKEN = ""

    async def test_it_needs_no_key_and_its_pages_are_called_offset(self, ask, services):
        result = await ask("vacancies_search", text="python", page=1)
        assert (result.state, result.data["provider"], result.data["page"]) == (State.OK, "Работа России", 1)
        query = dict(services.hh.log()[0]["query"])
        assert (query["offset"], query["limit"]) == ("1", "20")
        assert all(" RUB за месяц, налог не указан" in one["pay"] for one in result.data["vacancies"] if "pay" in one)

    async def test_a_vacancy_of_it_is_read_by_two_numbers(self, ask):
        found = (await ask("vacancies_search", text="python", area="Москва")).data["vacancies"][0]
        assert (await ask("vacancies_get", id=found["id"])).data["title"] == found["title"]
        assert (await ask("vacancies_get", id="1")).state == State.INVALID

    async def test_what_it_cannot_do_is_said(self, ask):
        assert "только в RUB" in (await ask("vacancies_search", text="x", salary_from=9, currency="BYN")).message
        assert "по всей России" in (await ask("vacancies_search", text="x", area="Минск")).message
        rich = await ask("vacancies_search", text="python", salary_from=400_000)
        assert "не подошла" in rich.message

    async def test_statistics_work_there_too(self, ask):
        groups = (await ask("vacancies_salaries", text="java")).data["groups"]
        assert [(group["currency"], group["tax"], group["per"]) for group in groups] == [("RUB", "unknown", "MONTH")]

    @pytest.mark.parametrize("kind", ["down", "html", "malformed", "nonsense", "503"])
    async def test_its_failures_are_words_too(self, ask, services, kind):
        services.hh.fail(kind)
        result = await ask("vacancies_search", text="python")
        assert (result.state, result.message) == (State.UNAVAILABLE, "«Работа России» сейчас не отвечает.")
