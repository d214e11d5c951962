"""What Gemini can do to us, through the whole way: from the send to the row and the words on the page."""

import asyncio
import re

import pytest

from tests.processes import wait_until

FAILURES = [
    ("key", "failed", "api_key_invalid", "Неверный API ключ"),
    ("leaked", "failed", "api_key_invalid", "Неверный API ключ"),
    ("region", "failed", "region_unsupported", "недоступен из региона"),
    ("429-day", "failed", "quota_exceeded", "Исчерпана квота"),
    ("404", "failed", "model_unavailable", "Эта модель недоступна"),
    ("blocked", "failed", "prompt_blocked", "отклонён фильтром"),
    ("empty", "failed", "empty_response", "пустой ответ"),
    ("no-candidates", "failed", "upstream_error", "Ошибка Gemini API."),
    ("malformed", "failed", "upstream_error", "Ошибка Gemini API."),
    ("503 @3", "failed", "model_overloaded", "Модель Gemini перегружена. Пожалуйста, попробуйте позже."),
    ("500 @3", "failed", "upstream_error", "Ошибка Gemini API."),
    ("cut @3", "failed", "upstream_error", "Ошибка Gemini API."),
    ("no-finish", "interrupted", "", "Ответ прерван"),
    ("safety", "done", "", "оборван фильтром безопасности"),
    ("max-tokens", "done", "", "предела длины"),
    ("reason-12", "done", "", "слово10"),
]


async def test_each_failure_is_a_state_with_words_and_loses_no_text(server, alice):
    for kind, status, code, words in FAILURES:
        question = f"Вопрос [[words 20]] [[fail {kind}]]"
        session, reply = await alice.begin(question)
        row = await alice.until(reply, "failed", "interrupted", "done")
        assert (row["status"], row["error_code"]) == (status, code), kind
        page = await alice.page(f"chat/{session}/")
        assert words in page, kind
        assert question in page, kind
        assert ("Повторить" in page) == (status != "done"), kind
        if "@3" in kind or kind == "no-finish":
            assert row["content"].startswith("слово1 "), kind


@pytest.mark.parametrize("kind", ["503 x2", "429 retry=1 x1", "500 x1", "cut x1"])
async def test_a_passing_failure_before_the_first_token_is_not_even_noticed(server, alice, kind):
    _, reply = await alice.begin(f"[[words 5]] [[fail {kind}]]")
    row = await alice.until(reply, "done", "failed", seconds=15)
    assert row["content"].endswith("слово5")


async def test_what_failed_is_retried_when_the_failure_has_passed(server, alice):
    _, reply = await alice.begin("[[words 5]] [[fail 429-day x1]]")
    await alice.until(reply, "failed")
    response = await alice.post(f"messages/{reply}/retry/")
    again = int(re.search(r'id="message-(\d+)"', response.text)[1])
    assert (await alice.until(again, "done"))["content"].endswith("слово5")


async def test_a_stopped_reply_ends_the_call_upstream(server, alice, upstream):
    upstream.clear_log()
    _, reply = await alice.begin("Останови [[words 2000]] [[pace 0.05]]")
    async for event in alice.follow(reply):
        if event.name == "tail" and event.data:
            break
    await alice.post(f"messages/{reply}/stop/")

    def outcomes() -> set[str]:
        return {entry["outcome"] for entry in upstream.log() if entry["prompt"].startswith("Останови [[")}

    await asyncio.to_thread(wait_until, lambda: "cancelled" in outcomes())
