import re

import pytest
from playwright.sync_api import expect

from e2e.messages import answer

FILL = """
import sys
import django
django.setup()
from django.contrib.auth import get_user_model
from gemini.models import ChatMessage, ChatSession
name, count = sys.argv[1], int(sys.argv[2])
session = ChatSession.objects.create(user=get_user_model().objects.get(username=name), title="Длинный разговор")
earlier = None
rows = [ChatMessage(session=session, role="assistant" if n % 2 else "user", content=f"сообщение-{n:04} " * 12)
        for n in range(count)]
rows = ChatMessage.objects.bulk_create(rows)
for before, row in zip(rows, rows[1:]):
    row.parent = before
ChatMessage.objects.bulk_update(rows, ["parent"], batch_size=400)
print(session.pk, rows[0].pk)
"""
COUNT = 2_000


@pytest.fixture
def long_chat(alice, server):
    """The address of a chat of two thousand messages, and the id of the first of them."""
    session, first = map(int, server.script(FILL, alice.name, str(COUNT)).split())
    return f"{alice.url}/gemini/chat/{session}/", first


def top_of(page, text):
    return page.get_by_text(text).first.bounding_box()["y"]


def test_older_messages_come_as_they_are_scrolled_to_and_the_reader_stays_where_he_was(alice, long_chat):
    url, _ = long_chat
    alice.page.goto(url)
    expect(alice.page.get_by_text("сообщение-1999").first).to_be_in_viewport()
    expect(alice.chat.messages).to_have_count(50)
    alice.requests.clear()
    # Below the link to what came before, which fetches it as soon as it is seen.
    alice.page.evaluate("scrollTo(0, 300)")
    expect(alice.page.get_by_text("сообщение-1951").first).to_be_in_viewport()
    from_top = top_of(alice.page, "сообщение-1951") + alice.page.evaluate("scrollY")
    alice.page.evaluate("scrollTo(0, 0)")
    expect(alice.chat.messages).to_have_count(100)
    expect(alice.page.get_by_text("сообщение-1951").first).to_be_in_viewport()
    assert abs(top_of(alice.page, "сообщение-1951") - from_top) < 200
    expect(alice.page.get_by_text("сообщение-1900").first).not_to_be_in_viewport()
    assert not alice.requested("document")
    expect(alice.page.get_by_role("link", name="К последнему сообщению")).to_be_visible()


def test_a_link_to_a_message_opens_where_it_stands_and_leads_both_ways(alice, long_chat):
    url, first = long_chat
    alice.page.goto(f"{url}?message={first + 700}#message-{first + 700}")
    expect(alice.page.get_by_text("сообщение-0700").first).to_be_in_viewport()
    newest = alice.page.get_by_role("link", name="К последнему сообщению")
    expect(newest).to_be_visible()
    alice.page.mouse.move(640, 300)
    while alice.chat.messages.count() < 100:
        alice.page.mouse.wheel(0, 3_000)
        alice.page.wait_for_timeout(100)
    expect(alice.page.get_by_text("сообщение-0729").first).to_be_attached()
    expect(alice.page.get_by_text("сообщение-0730").first).to_be_attached()
    newest.click()
    expect(alice.page.get_by_text("сообщение-1999").first).to_be_in_viewport()


def test_what_is_sent_from_the_past_is_answered_in_the_present(alice, long_chat):
    url, first = long_chat
    alice.page.goto(f"{url}?message={first}#message-{first}")
    alice.chat.send("[[echo]] из прошлого")
    expect(alice.chat.finished_answer).to_contain_text("из прошлого")
    expect(alice.page.get_by_text("сообщение-1999").first).to_be_attached()


def test_two_thousand_messages_are_as_light_as_fifty(alice, long_chat):
    url, first = long_chat
    for address in (url, f"{url}?message={first + 1000}"):
        alice.page.goto(address)
        expect(alice.chat.messages).to_have_count(50)
        assert alice.page.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize") < 85_000


def test_without_javascript_the_whole_chat_can_be_paged_through(person, alice, long_chat):
    url, _ = long_chat
    reader = person("plain", signed_in=False, java_script_enabled=False)
    reader.context.add_cookies(alice.context.cookies())
    reader.page.goto(url)
    reader.page.get_by_role("link", name="Более ранние сообщения").click()
    expect(reader.page.get_by_text("сообщение-1949").first).to_be_attached()
    expect(reader.chat.messages).to_have_count(50)
    reader.page.get_by_role("link", name="Более поздние сообщения").click()
    expect(reader.page.get_by_text("сообщение-1999").first).to_be_attached()
    assert re.search(r"after=\d+", reader.page.url)
    reader.page.get_by_role("link", name="Более ранние сообщения").click()
    reader.page.get_by_role("link", name="К последнему сообщению").click()
    expect(reader.page.get_by_text("сообщение-1999").first).to_be_attached()


def test_an_answer_in_a_long_chat_is_asked_for_again_at_its_end(alice, long_chat):
    url, _ = long_chat
    alice.page.goto(url)
    alice.requests.clear()
    answer(alice.page).regenerate()
    expect(alice.chat.finished_answer).to_contain_text("демонстрационная модель")
    expect(alice.chat.messages).to_have_count(50)
    assert not alice.requested("document")
