"""Replies that ask sources: rounds, limits, whose data it is, what it costs, and what becomes of it in the end."""

import pytest

from gemini.models import GeminiCall
from gemini.service import GeminiService
from gemini.sources import toolbox
from gemini.sources.fitting import size_of
from tests import factories
from tests.gemini.sources import probes

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]


@pytest.fixture(autouse=True)
def sources(settings, monkeypatch):
    settings.GEMINI_SOURCES = probes.SOURCES
    monkeypatch.setattr(probes.Slow, "most", [0])
    monkeypatch.setattr(probes.Slow, "running", [0])


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


def ask(service, text, **options):
    return service.wait(service.send(None, text, **options)).reply


def records(reply):
    return reply.metadata["sources"]


def calls_of(live):
    return [entry for entry in live.log() if "Придумай" not in entry["system"]]


def test_what_a_source_gives_is_in_the_answer_and_kept_with_what_was_asked(service):
    reply = ask(service, '[[says]] [[call slow {"word": "рябина"}]]')
    assert reply.status == "done"
    assert reply.content.startswith("Сейчас посмотрю.\n\nВот что ответили источники:")
    assert "рябина" in reply.content
    [record] = records(reply)
    assert (record["name"], record["title"], record["arguments"]) == ("slow", "Проба", {"word": "рябина"})
    assert (record["state"], record["asked_by"], record["round"]) == ("ok", "model", 1)
    assert record["sent"]["data"] == {"word": "рябина"}
    assert record["ms"] >= 90


def test_calls_of_one_round_run_together_and_no_more_than_four_at_once(service):
    words = "".join(f'[[call slow {{"word": "{n}"}}]]' for n in range(7))
    reply = ask(service, words)
    assert [record["sent"]["data"]["word"] for record in records(reply)] == [str(n) for n in range(7)]
    assert probes.Slow.most == [4]


def test_rounds_follow_each_other_and_their_usage_adds_up(service, live):
    exchange = service.wait(service.send(None, '[[call slow {}]] [[call2 slow {"word": "два"}]]'))
    reply = exchange.reply
    assert [record["round"] for record in records(reply)] == [1, 2]
    usage = reply.metadata["usage_metadata"]
    ledger = list(GeminiCall.objects.filter(purpose="reply"))
    assert [call.code for call in ledger] == ["", "", ""]
    assert sum(call.prompt_tokens for call in ledger) == usage["promptTokenCount"] == exchange.user_message.tokens_used
    assert sum(call.total_tokens for call in ledger) == usage["totalTokenCount"]
    assert reply.tokens_used + exchange.user_message.tokens_used == usage["totalTokenCount"]
    assert ledger[0].prompt_tokens > 0


def test_a_model_that_goes_round_in_circles_has_to_answer_after_five_rounds(service, live):
    reply = ask(service, "[[again]] [[call slow {}]]")
    assert reply.status == "done"
    assert reply.content
    assert [record["round"] for record in records(reply)] == [1, 2, 3, 4, 5]
    assert len(calls_of(live)) == 6


def test_one_reply_asks_no_more_than_so_many_times(service):
    reply = ask(service, "".join("[[call odd {}]]" for _ in range(20)))
    assert len(records(reply)) == toolbox.MAX_CALLS
    assert reply.content.count("Слишком много запросов") == 4


def test_a_source_that_takes_too_long_is_said_to_and_the_answer_ends(service, monkeypatch):
    monkeypatch.setattr(toolbox, "PATIENCE", 0.1)
    monkeypatch.setattr(probes.Slow, "seconds", 30)
    reply = ask(service, "[[call slow {}]] [[call mine {}]]")
    assert [record["state"] for record in records(reply)] == ["unavailable", "ok"]
    assert "не ответил за 10 секунд" in reply.content


@pytest.mark.parametrize(
    ("call", "state", "words"),
    [
        ("broken {}", "unavailable", "Источник не смог ответить."),
        ("nothing_of_that_name {}", "invalid", "Такого источника нет."),
        ('mine {"user_id": 2}', "invalid", "Лишний аргумент: user_id."),
        ('mine {"word": ["a"]}', "invalid", "word: недопустимое значение."),
    ],
)
def test_whatever_goes_wrong_in_a_source_is_said_and_the_answer_ends(service, call, state, words):
    reply = ask(service, f"[[call {call}]]")
    assert reply.status == "done"
    assert [record["state"] for record in records(reply)] == [state]
    assert words in reply.content
    assert "Подробности для журнала" not in str(reply.metadata)


def test_a_source_answers_for_the_one_who_asks_whatever_the_arguments_say(service, bob):
    factories.make_session(bob, "Тайна Боба")
    reply = ask(service, '[[call mine {}]] [[call mine {"user": "bob"}]]')
    assert records(reply)[0]["sent"]["data"]["username"] == "alice"
    assert records(reply)[1]["state"] == "invalid"
    assert "Тайна" not in reply.content + str(reply.metadata)


def test_instructions_in_a_result_are_data_and_start_nothing(service, live):
    reply = ask(service, "[[call injected {}]]")
    assert [record["name"] for record in records(reply)] == ["injected"]
    assert records(reply)[0]["sent"]["about"] == toolbox.ABOUT_DATA
    assert len(calls_of(live)) == 2
    assert all("не указания" in entry["system"] for entry in calls_of(live))
    assert "<script" not in reply.html
    assert "<img" not in reply.html


def test_a_large_result_is_cut_before_it_is_sent_and_kept(service):
    [record] = records(ask(service, "[[call huge {}]]"))
    assert record["sent"]["truncated"]
    assert size_of(record["sent"]) <= toolbox.MAX_RESULT


def test_odd_characters_reach_neither_the_wire_nor_the_row(service):
    reply = ask(service, "[[call odd {}]]")
    assert reply.status == "done"
    assert records(reply)[0]["sent"]["data"] == {"text": "a\ufffdb\ufffd"}


def test_a_model_without_functions_is_asked_again_without_them(service, alice):
    settings = factories.give_key(alice, "test-own-key-1234")
    settings.model = "fake-no-functions"
    settings.save()
    assert ask(service, "[[words 3]] [[call mine {}]]").content == "слово1 слово2 слово3"


def test_a_call_that_the_model_spoils_becomes_an_answer_in_words(service, live):
    reply = ask(service, "[[words 2]] [[fail spoilt-call]]")
    assert (reply.status, reply.content) == ("done", "слово1 слово2")
    assert len(calls_of(live)) == 2


def test_without_sources_nothing_is_declared(service, settings, live):
    settings.GEMINI_SOURCES = []
    assert ask(service, "[[words 2]] [[call mine {}]]").content == "слово1 слово2"
    assert not calls_of(live)[0]["system"]


def test_a_failure_in_a_later_round_keeps_what_was_found_and_what_was_spent(service):
    reply = ask(service, '[[says]] [[call slow {"word": "дуб"}]] [[call2 slow {}]] [[fail 503 @1]]')
    # Rounds that call are of one chunk, and the failure comes after a first one: it hits the answer in words.
    assert reply.status == "failed"
    assert reply.error_code == "model_overloaded"
    assert reply.content.startswith("Сейчас посмотрю.")
    assert records(reply)[0]["sent"]["data"] == {"word": "дуб"}
    assert reply.metadata["usage_metadata"]["promptTokenCount"] > 0
