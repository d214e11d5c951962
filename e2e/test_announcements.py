"""What a screen reader hears: the one polite region, word for word."""

import pytest
from playwright.sync_api import expect

LISTEN = """() => {
  window.heard = [];
  const region = document.getElementById("announcements");
  const listener = new MutationObserver(() => heard.push(region.textContent.trim()));
  listener.observe(region, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def listener(alice):
    alice.chat.begin("[[echo]] Раз")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.page.evaluate(LISTEN)
    return alice


def heard(someone) -> list[str]:
    return someone.page.evaluate("heard")


def test_an_answer_is_heard_by_whole_sentences_and_its_end_is_said(listener):
    text = " ".join(f"Предложение номер {number} довольно длинное, чтобы его писали дольше." for number in range(1, 9))
    listener.chat.send(f"[[echo]] [[chunk 12]] [[pace 0.1]] {text}")
    expect(listener.chat.finished_answer).to_contain_text("номер 8")
    listener.page.wait_for_timeout(200)
    first, *middle, last = heard(listener)
    assert first == "Gemini пишет ответ"
    assert middle
    assert all(said.endswith(".") and said.startswith("Предложение") for said in middle)
    assert last.endswith("Ответ готов")
    assert " ".join([*middle, last]).removesuffix(" Ответ готов") == text


def test_an_answer_is_not_heard_word_by_word(listener):
    listener.chat.send("[[words 80]] [[pace 0.05]]")
    expect(listener.chat.finished_answer).to_contain_text("слово80")
    assert len(heard(listener)) <= 5


def test_an_answer_that_was_cut_is_not_called_ready(listener):
    listener.chat.send("[[words 400]] [[pace 0.05]]")
    expect(listener.chat.answer).to_contain_text("слово5")
    listener.chat.stop()
    expect(listener.page.get_by_role("button", name="Повторить")).to_be_visible()
    listener.page.wait_for_timeout(200)
    assert heard(listener)[-1] == "Ответ не закончен, причина под ним"


def test_a_lost_network_is_said_until_it_is_back(alice):
    alice.chat.open_new()
    notice = alice.page.get_by_text("Нет сети.")
    alice.context.set_offline(True)
    expect(notice).to_be_visible()
    alice.context.set_offline(False)
    expect(notice).to_be_hidden()
    expect(alice.page.get_by_text("Связь вернулась.")).to_be_visible()
    expect(alice.page.get_by_text("Связь вернулась.")).to_be_hidden()
