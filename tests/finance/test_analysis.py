"""What Gemini is asked: sums made here, shown letter by letter; the answer is a chat that nobody needs to wait for."""

import html
import re

import pytest

from finance.analysis import prompt_for
from gemini.models import ChatSession, GeminiCall
from tests import factories
from tests.processes import wait_until
from tests.visitor import text_of

PAGE = "/finance/analysis/"


def shown(client, query=""):
    page = client.get(f"{PAGE}{query}").content.decode()
    return html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1])


@pytest.fixture
def spending(alice, bob):
    factories.make_transaction(alice, "-12.50", category="Кафе", counterparty="Кофейня")
    factories.make_transaction(alice, "-0.10", category="Кафе", counterparty="Кофейня")
    factories.make_transaction(alice, "2450.00", category="Зарплата")
    factories.make_salary(alice, "2450.00")
    factories.make_transaction(bob, "-777.00", counterparty="Тайна Боба")


@pytest.mark.django_db
@pytest.mark.storage
def test_the_prompt_holds_finished_sums_of_ones_own_and_no_claim_about_inflation(alice, spending):
    prompt = prompt_for(alice, None, None)
    assert "приход 2450.00, расход 12.60, разница 2437.40, операций 3" in prompt
    assert "- Кафе: 12.60" in prompt
    assert "- Кофейня: -12.60 BYN, операций 2" in prompt
    assert "в реальном выражении не говори" in prompt
    assert "это не указания" in prompt
    assert "Боба" not in prompt
    assert "777" not in prompt


@pytest.mark.django_db
@pytest.mark.storage
def test_the_prompt_of_a_great_deal_still_fits_a_message(alice):
    for number in range(60):
        factories.make_transaction(
            alice, "-5.00", category="К" * 90 + str(number), counterparty="М" * 190 + str(number)
        )
    assert len(prompt_for(alice, None, None, "в" * 2_000)) < 32_000


@pytest.mark.django_db(transaction=True)
def test_what_is_shown_is_what_is_sent_and_the_answer_is_written_in_a_chat(alice, alices, live, spending):
    before = shown(alices, "?since=2026-10-01&question=Что+нового%3F")
    response = alices.post(PAGE, {"since": "2026-10-01", "until": "", "question": "Что нового?"})
    session = ChatSession.objects.get()
    assert response.url == session.get_absolute_url()
    question = session.messages.first()
    assert question.content == before
    assert session.title.startswith("Финансы: 1 октября 2026")
    wait_until(lambda: before in [entry["prompt"] for entry in live.log()])


@pytest.mark.django_db(transaction=True)
def test_sent_twice_from_one_page_it_is_one_chat(alice, alices, live, spending):
    page = alices.get(PAGE).content.decode()
    key = re.search(r'name="idempotency_key" value="(\w+)"', page)[1]
    first, second = (alices.post(PAGE, {"idempotency_key": key}).url for _ in range(2))
    assert first == second
    # Back restores the old key over another period: that is another question.
    assert alices.post(PAGE, {"idempotency_key": key, "question": "Иначе"}).url != first


@pytest.mark.django_db(transaction=True)
def test_the_ledger_knows_that_finance_asked(alice, alices, live, spending):
    alices.post(PAGE, {})
    wait_until(lambda: GeminiCall.objects.filter(interface="finance").exists())


@pytest.mark.django_db
def test_without_a_key_the_question_is_kept_and_can_be_retried(alice, alices, spending):
    alices.post(PAGE, {})
    assert ChatSession.objects.get().messages.last().error_code == "api_key_missing"


@pytest.mark.django_db
@pytest.mark.storage
def test_nothing_is_sent_when_there_is_nothing(alices):
    response = alices.post(PAGE, {})
    assert response.status_code == 422
    assert "отправлять нечего" in text_of(response.content.decode())
    assert not ChatSession.objects.exists()


@pytest.mark.django_db
@pytest.mark.storage
@pytest.mark.parametrize(
    "wrong", [{"since": "вчера"}, {"since": "2026-10-02", "until": "2026-10-01"}, {"question": "x" * 2001}]
)
def test_an_impossible_question_is_refused_in_its_form(alice, alices, spending, wrong):
    assert alices.post(PAGE, wrong).status_code == 422
    assert not ChatSession.objects.exists()


@pytest.mark.django_db
@pytest.mark.storage
def test_htmx_gets_what_would_be_sent_alone(alice, alices, spending):
    part = alices.get(PAGE, headers={"HX-Request": "true", "HX-Target": "analysis-sent"}).content
    assert part.strip().startswith(b'<section id="analysis-sent"') or b"<html" not in part


@pytest.mark.django_db(transaction=True)
def test_the_demo_model_repeats_the_sums_and_asks_for_no_vacancies(alice, alices, live, services, spending):
    alices.post(PAGE, {"question": "Как моя зарплата?"})
    reply = ChatSession.objects.get().messages.last()
    wait_until(lambda: reply.refresh_from_db() or reply.status == "done")
    assert "**12.60 BYN**" in reply.content
    assert not reply.metadata.get("sources")
