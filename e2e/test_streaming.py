import re

from playwright.sync_api import expect


def test_the_text_grows_before_the_end_over_one_stream_and_no_page_load(alice):
    alice.chat.begin("[[echo]] Начало")
    expect(alice.chat.finished_answer).to_be_visible()
    alice.requests.clear()
    alice.chat.send("[[words 90]] [[pace 0.06]]")
    expect(alice.chat.answers).to_have_count(2)
    expect(alice.chat.answer).to_contain_text("слово12")
    assert alice.chat.answer.get_attribute("data-state") == "generating"
    expect(alice.chat.answer).to_contain_text("слово30")
    expect(alice.chat.finished_answer).to_contain_text("слово90")
    assert len(alice.requested("eventsource")) == 1
    assert not alice.requested("document")


def test_finished_paragraphs_stay_the_same_elements_so_that_they_can_be_selected(alice):
    alice.chat.begin("[[words 80]] [[pace 0.1]]")
    first = alice.chat.answer.locator("p").first
    expect(alice.chat.answer).to_contain_text("слово23")
    first.evaluate("paragraph => { paragraph.dataset.seen = 'yes'; getSelection().selectAllChildren(paragraph); }")
    expect(alice.chat.answer).to_contain_text("слово50")
    assert first.get_attribute("data-seen") == "yes"
    assert "слово1" in alice.page.evaluate("getSelection().toString()")


def test_a_reload_in_mid_stream_shows_all_so_far_and_goes_on_to_the_end(alice):
    alice.chat.begin("[[words 90]] [[pace 0.06]]")
    expect(alice.chat.answer).to_contain_text("слово15")
    alice.page.reload()
    expect(alice.chat.answer).to_contain_text("слово15")
    expect(alice.chat.finished_answer).to_contain_text("слово90")
    words = re.findall(r"слово\d+", alice.chat.finished_answer.inner_text())
    assert words == [f"слово{number}" for number in range(1, 91)]


def test_a_second_tab_follows_the_same_answer(alice):
    alice.chat.begin("[[words 90]] [[pace 0.06]]")
    first, url = alice.page, alice.page.url
    second = alice.open_tab()
    second.goto(url)
    expect(alice.chat.finished_answer).to_contain_text("слово90")
    expect(first.locator(".message--assistant[data-state=done]")).to_contain_text("слово90")


def test_leaving_the_page_does_not_stop_the_answer(alice):
    alice.chat.begin("[[words 60]] [[pace 0.03]]")
    url = alice.page.url
    alice.page.goto("about:blank")
    alice.page.wait_for_timeout(2500)
    alice.page.goto(url)
    expect(alice.chat.finished_answer).to_contain_text("слово60")
    assert not alice.page.locator("[sse-connect]").count()


def test_stop_keeps_the_text_that_was_shown(alice):
    alice.chat.begin("[[words 400]] [[pace 0.05]]")
    expect(alice.chat.answer).to_contain_text("слово15")
    alice.chat.stop()
    expect(alice.page.get_by_text("Ответ остановлен.")).to_be_visible()
    expect(alice.chat.answer).to_contain_text("слово15")
    alice.page.reload()
    expect(alice.chat.answer).to_contain_text("слово15")
    expect(alice.page.get_by_role("button", name="Остановить")).to_have_count(0)


def test_a_reader_who_scrolled_up_is_left_there_and_offered_the_way_down(alice):
    alice.chat.begin("[[words 400]] [[pace 0.03]]")
    expect(alice.chat.answer).to_contain_text("слово200")
    alice.page.mouse.move(600, 300)
    alice.page.mouse.wheel(0, -2000)
    link = alice.page.get_by_role("link", name="К последнему сообщению")
    expect(link).to_be_visible()
    position = alice.page.evaluate("scrollY")
    expect(alice.chat.answer).to_contain_text("слово260")
    assert alice.page.evaluate("scrollY") == position
    link.click()
    expect(link).to_be_hidden()


def test_sending_while_an_answer_runs_is_refused_and_the_text_stays(alice):
    alice.chat.begin("[[words 200]] [[pace 0.05]]")
    alice.chat.send("Ещё вопрос")
    expect(alice.page.get_by_text("Предыдущий ответ ещё пишется.")).to_be_visible()
    expect(alice.chat.composer).to_have_value("Ещё вопрос")
    alice.forgive("409")
