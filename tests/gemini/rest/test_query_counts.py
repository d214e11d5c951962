"""What lists cost: as many queries for 300 rows as for 3, and no bodies of messages that are not shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemini.models import ChatMessage, ChatSession
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

# Path → queries, two of them for the session key and its user.
COSTS = {
    "chat-sessions/?page_size=100": 5,
    "chat-sessions/my_sessions/?page_size=100&search=чат&ordering=-messages_count": 5,
    "chat-sessions/{session}/": 4,
    "chat-sessions/{session}/messages/?page_size=100": 5,
    "chat-messages/?page_size=100": 4,
    "chat-messages/?search=ответ&role=assistant&session={session}": 4,
    "chat-messages/recent/?limit=100": 3,
    "chat-sessions/stats/": 9,
    "api/stats/": 9,
}
SHOWING_NO_BODIES = [path for path in COSTS if path.startswith(("chat-sessions/?", "chat-sessions/my"))]


def fill(alice, rows):
    """So many sessions with so many messages in each of the first of them."""
    sessions = [ChatSession(user=alice, title=f"Чат {number}") for number in range(rows)]
    first, *rest = ChatSession.objects.bulk_create(sessions)
    messages = [ChatMessage(session=session, role="user", content="Вопрос") for session in rest]
    messages += [ChatMessage(session=first, role="assistant", content="Ответ " * 200) for _ in range(rows)]
    ChatMessage.objects.bulk_create(messages)
    return first


@pytest.mark.parametrize("path", COSTS)
@pytest.mark.parametrize("rows", [3, 300])
def test_a_list_costs_the_same_however_long(owner, alice, path, rows):
    session = fill(alice, rows)
    with CaptureQueriesContext(connection) as queries:
        assert owner.get(path.format(session=session.pk)).status_code == 200
    assert len(queries) == COSTS[path], [query["sql"] for query in queries]


@pytest.mark.parametrize("path", SHOWING_NO_BODIES)
def test_a_list_of_sessions_reads_no_whole_bodies(owner, alice, path):
    fill(alice, 3)
    with CaptureQueriesContext(connection) as queries:
        owner.get(path)
    assert not [query for query in queries if reads_bodies(query["sql"])]


def test_a_query_that_reads_bodies_would_be_noticed(alice):
    factories.make_message(factories.make_session(alice))
    with CaptureQueriesContext(connection) as queries:
        list(ChatMessage.objects.all())
    assert reads_bodies(queries[0]["sql"])


def reads_bodies(sql):
    columns = re.sub(r"(LEFT|SUBSTR)\(.+?\)", "", sql.partition(" FROM ")[0])
    return '"gemini_chatmessage"."content"' in columns
