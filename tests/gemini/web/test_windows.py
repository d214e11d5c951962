"""Long chats: a page holds a window of messages, whatever the length, and leads to the rest in both directions."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gemini.models import ChatMessage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def session(alice):
    return factories.make_session(alice)


def fill(session, count):
    """A chain of questions and answers; returns their ids."""
    rows = ChatMessage.objects.bulk_create(
        ChatMessage(session=session, role="assistant" if n % 2 else "user", content=f"сообщение-{n:04}")
        for n in range(count)
    )
    for earlier, row in pairwise(rows):
        row.parent = earlier
    ChatMessage.objects.bulk_update(rows, ["parent"], batch_size=400)
    return [row.pk for row in rows]


def shown(response):
    return [int(pk) for pk in re.findall(r'<li id="message-(\d+)"', response.content.decode())]


def get(client, session, query="", **headers):
    return client.get(f"{session.get_absolute_url()}{query}", headers=headers)


def test_two_thousand_messages_cost_what_twenty_do(alices, alice, session):
    few = factories.make_session(alice)
    fill(few, 20)
    ids = fill(session, 2_000)
    pages = []
    for chat, query in ((few, ""), (session, ""), (session, f"?message={ids[1000]}"), (session, f"?before={ids[900]}")):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            pages.append((get(alices, chat, query), len(queries)))
    (_, cost), *long = pages
    for page, queries in long:
        assert queries <= cost + 1, "around a message is one window before it and one after"
        assert len(page.content) < 70_000
        assert len(shown(page)) == 50
    assert long[0][1] == cost


def test_the_newest_window_comes_first_and_each_leads_on(alices, session):
    ids = fill(session, 120)
    newest = get(alices, session)
    assert shown(newest) == ids[70:]
    older = get(alices, session, f"?before={ids[70]}")
    assert shown(older) == ids[20:70]
    assert f"?after={ids[69]}" in older.content.decode() or f"?after={ids[70] - 1}" in older.content.decode()
    oldest = get(alices, session, f"?before={ids[20]}")
    assert shown(oldest) == ids[:20]
    assert "?before=" not in oldest.content.decode()
    assert shown(get(alices, session, f"?after={ids[69]}")) == ids[70:]


def test_htmx_gets_only_what_belongs_in_the_place_of_the_link(alices, session):
    ids = fill(session, 120)
    older = get(alices, session, f"?before={ids[70]}", **HTMX)
    assert shown(older) == ids[20:70]
    assert "<html" not in older.content.decode()
    assert "?after=" not in older.content.decode()
    assert f"?before={ids[20]}" in older.content.decode()
    assert "HX-Request" in older.headers["Vary"]
    newer = get(alices, session, f"?after={ids[69]}", **HTMX)
    assert shown(newer) == ids[70:]
    assert "?before=" not in newer.content.decode()


@pytest.mark.parametrize("place", [0, 60, 119])
def test_a_link_to_a_message_opens_the_window_that_holds_it(alices, session, place):
    ids = fill(session, 120)
    page = get(alices, session, f"?message={ids[place]}")
    assert ids[place] in shown(page)
    assert ("?after=" in page.content.decode()) == (place < 90)
    assert re.search(r"data-newest|К последнему сообщению", page.content.decode())
    newest = re.search(r'<a class="chat__newest button"[^>]*>', page.content.decode())[0]
    assert f'href="{session.get_absolute_url()}"' in newest
    assert (" hidden" in newest) == (place == 119)


@pytest.mark.parametrize("asked", ["message=0", "message=x", "before=-1", f"message={'9' * 30}", "after=", "before=٣"])
def test_nonsense_in_the_address_is_no_failure(alices, session, asked):
    fill(session, 3)
    assert get(alices, session, f"?{asked}").status_code == 200


def test_what_is_sent_from_a_page_of_the_past_leads_to_the_present(alices, session):
    ids = fill(session, 120)
    assert 'name="past"' in get(alices, session, f"?message={ids[5]}").content.decode()
    assert 'name="past"' not in get(alices, session).content.decode()
    sent = {"content": "Привет", "past": "1"}
    response = alices.post(f"{session.get_absolute_url()}messages/", sent, headers=HTMX)
    assert response.headers["HX-Redirect"] == session.get_absolute_url()


def test_days_are_told_apart_and_today_needs_no_name(alices, session):
    page = lambda: re.findall(r'message__day">([^<]+)<', get(alices, session).content.decode())  # noqa: E731
    messages = [factories.make_message(session, str(n)) for n in range(4)]
    assert page() == []
    yesterday = timezone.now() - timedelta(days=1)
    moments = (datetime(2021, 3, 8, 9, tzinfo=UTC), yesterday, yesterday, timezone.now())
    for message, moment in zip(messages, moments, strict=True):
        ChatMessage.objects.filter(pk=message.pk).update(timestamp=moment)
    assert page() == ["8 марта 2021", "Вчера", "Сегодня"]


def test_a_message_drawn_alone_has_its_day_too(alices, session):
    first, second = factories.make_message(session), factories.make_message(session)
    ChatMessage.objects.filter(pk=first.pk).update(timestamp=timezone.now() - timedelta(days=1))
    alone = [alices.get(f"/gemini/messages/{m.pk}/", headers=HTMX).content.decode() for m in (first, second)]
    assert ["Вчера" in alone[0], "Сегодня" in alone[1]] == [True, True]


def test_variants_cost_one_query_for_all_messages(session, django_assert_num_queries):
    ids = fill(session, 40)
    for pk in ids[1::2]:
        ChatMessage.objects.create(session=session, role="assistant", content="ещё", parent_id=pk - 1, shown=False)
    factories.make_message(session, "", role="assistant", parent_id=ids[0], shown=False, status="failed")
    messages = list(session.messages.shown())
    with django_assert_num_queries(1):
        session.messages.give_variants(messages)
        totals = [message.variants.total for message in messages]
    assert totals == [1, 2] * 20


def test_variants_of_more_messages_than_a_page_holds(session, django_assert_num_queries):
    ids = fill(session, 120)
    ChatMessage.objects.create(session=session, role="user", content="иначе", shown=False)
    ChatMessage.objects.create(session=session, role="user", content="иначе", parent_id=ids[-2], shown=False)
    ChatMessage.objects.filter(pk=ids[-1]).update(role="user")
    messages = list(session.messages.shown())
    with django_assert_num_queries(3):
        session.messages.give_variants(messages)
    assert [message.variants.total for message in messages] == [2, *[1] * 118, 2]
