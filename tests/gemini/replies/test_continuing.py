"""A cut answer goes on in a row that begins with what was there: nothing of it is lost, and both are paid for once."""

import pytest

from gemini import replies
from gemini.exceptions import NotContinuable
from gemini.models import ChatMessage, GeminiCall
from gemini.prompts import joined, kept_for_continuation
from gemini.replies import runtime
from gemini.service import GeminiService
from tests import factories
from tests.processes import wait_until

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("live")]

WHOLE = " ".join(f"слово{n}" + ("\n\n" if n in (10, 20) else "") for n in range(1, 31))


@pytest.fixture
def service(alice):
    return GeminiService(alice, "tests")


@pytest.fixture
def cut(service, request):
    # The emulator counts its failures by prompt.
    return service.wait(service.send(None, f"{request.node.name} [[words 30]] [[fail max-tokens x1]]"))


def test_the_answer_is_completed_and_the_cut_one_stays_as_an_earlier_version(service, cut):
    assert WHOLE.startswith(cut.reply.content)
    assert cut.reply.metadata["finish_reason"] == "MAX_TOKENS"
    whole = service.wait(service.continue_reply(cut.reply)).reply
    assert (whole.content, whole.status) == (WHOLE, "done")
    assert [row.pk for row in whole.session.messages.shown()] == [cut.user_message.pk, whole.pk]
    assert whole.variants.previous == cut.reply.pk


def test_no_message_asks_to_go_on_and_the_request_ends_with_a_users_turn(service, cut, live):
    live.clear_log()
    service.wait(service.continue_reply(cut.reply))
    [entry] = [entry for entry in live.log() if entry["outcome"] == "finished"]
    assert entry["turns"] == 3
    assert not ChatMessage.objects.filter(content__contains="Продолжи").exists()


def test_the_pair_costs_what_both_requests_cost(service, cut):
    whole = service.wait(service.continue_reply(cut.reply))
    billed = sum(GeminiCall.objects.filter(purpose="reply").values_list("total_tokens", flat=True))
    assert whole.user_message.tokens_used + whole.reply.tokens_used == billed
    assert whole.reply.response_time > cut.reply.response_time


def test_a_stopped_answer_goes_on_and_may_be_stopped_again(service):
    exchange = service.send(None, "[[words 500]] [[pace 0.01]]")
    wait_until(lambda: runtime.live[exchange.reply.pk].length > 200)
    stopped = service.stop(exchange.reply)
    going_on = service.continue_reply(stopped).reply
    assert stopped.content.startswith(going_on.content), "from its first moment the row holds what there was"
    assert len(stopped.content) - len(going_on.content) < 15
    wait_until(lambda: runtime.live[going_on.pk].length > len(stopped.content) + 100)
    again = service.stop(going_on)
    assert again.content.startswith(stopped.content)
    words = again.content.split()
    assert words[:-1] == [f"слово{n}" for n in range(1, len(words))]


def test_a_continuation_that_fails_has_lost_nothing(service, cut, settings):
    settings.GEMINI_API_KEY = "AIza-refused"
    failed = service.wait(service.continue_reply(cut.reply)).reply
    assert (failed.status, failed.error_code) == ("failed", "api_key_invalid")
    assert failed.content == kept_for_continuation(cut.reply.content)
    settings.GEMINI_API_KEY = ""
    keyless = service.continue_reply(failed).reply
    assert (keyless.error_code, keyless.content) == ("api_key_missing", kept_for_continuation(failed.content))
    settings.GEMINI_API_KEY = "test-server-key"
    assert service.wait(service.continue_reply(keyless)).reply.content == WHOLE


def test_sent_again_with_its_key_it_is_the_same_continuation(service, cut):
    first = service.wait(service.continue_reply(cut.reply, idempotency_key="k"))
    assert service.continue_reply(cut.reply, idempotency_key="k").reply == first.reply
    assert cut.session.messages.count() == 3


def test_a_viewer_sees_the_beginning_at_once(service, cut):
    going_on = service.continue_reply(cut.reply).reply
    live = runtime.live.get(going_on.pk)
    assert live is None or live.text.startswith(kept_for_continuation(cut.reply.content))
    assert replies.freshen(going_on).content.startswith(kept_for_continuation(cut.reply.content))
    wait_until(lambda: not runtime.live)


def test_only_the_last_answer_and_only_a_cut_one_goes_on(service, cut):
    whole = service.wait(service.continue_reply(cut.reply))
    empty = service.wait(service.send(cut.session, "[[fail empty]]"))
    for reply in (cut.reply, whole.reply, empty.reply, empty.user_message):
        with pytest.raises(NotContinuable):
            service.continue_reply(reply)
    blocked = factories.make_reply(cut.session, "нач", status="failed", error_code="prompt_blocked")
    with pytest.raises(NotContinuable):
        service.continue_reply(blocked)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Первое и втор", "Первое и "),
        ("Готово.", "Готово."),
        ("- пункт\n- ", "- пункт\n- "),
        ("слово", "слово"),
        ("x = foo(bar", "x = "),
        ("слово " + "漢" * 60, "слово " + "漢" * 60),
    ],
)
def test_a_last_word_that_may_be_half_is_written_anew(text, kept):
    assert kept_for_continuation(text) == kept


@pytest.mark.parametrize(
    ("begins_with", "more", "whole"),
    [
        ("Раз ", "два", "Раз два"),
        ("Раз ", " два", "Раз два"),
        ("Раз.", "Два", "Раз. Два"),
        ("Раз.", " Два", "Раз. Два"),
        ("Раз.", "\n\nДва", "Раз.\n\nДва"),
        ("код\n", "    return", "код\n    return"),
        ("", " два", " два"),
    ],
)
def test_the_seam_has_one_blank(begins_with, more, whole):
    assert begins_with + joined(begins_with, more) == whole
