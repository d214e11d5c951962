"""What a message costs in queries: counts that no machine changes."""

import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gemini.models import ChatMessage, GeminiCall
from gemini.replies import endings, runtime, store
from gemini.service import GeminiService
from gemini.web.messages import ended
from tests.factories import make_message, make_reply, make_session

pytestmark = pytest.mark.django_db(transaction=True)

# The session, its user, the chat, the settings, the day's share; eight in and around the transaction.
SENDING = 13
OPENING = 3
ENDING = 2
FINISHING = 6
# Calls of functions in Python, a tenth more than were counted under Python 3.11: 3,125, 1,023, 982.
CALLS = {"send": 3_440, "open": 1_130, "end": 1_080}
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def unstarted(monkeypatch, settings):
    """Replies that are stored and never asked for."""
    settings.GEMINI_API_KEY = "a key"
    started = []
    monkeypatch.setattr("gemini.replies.start", lambda reply, assignment: started.append(assignment))
    return started


def conversation(user, exchanges):
    session, last = make_session(user), None
    for number in range(exchanges):
        question = make_message(session, f"Вопрос {number}", parent=last)
        last = make_reply(session, f"Ответ {number}", parent=question)
    return session


def statements(queries):
    return [query["sql"] for query in queries if not query["sql"].startswith(TRANSACTION)]


@pytest.mark.parametrize("exchanges", [2, 40])
def test_a_send_costs_the_same_queries_however_long_the_chat(alices, alice, unstarted, exchanges):
    session = conversation(alice, exchanges)
    with CaptureQueriesContext(connection) as queries:
        response = alices.post(
            f"/gemini/chat/{session.pk}/messages/", {"content": "Ещё"}, headers={"HX-Request": "true"}
        )
    assert response.status_code == 200
    assert len(statements(queries)) <= SENDING, "\n".join(statements(queries))
    assert len(unstarted[0].request.contents) == 2 * exchanges + 1


def test_one_transaction_stores_a_message_and_its_reply(alice, unstarted):
    session = conversation(alice, 2)
    with CaptureQueriesContext(connection) as queries:
        GeminiService(alice).send(session, "Ещё")
    assert sum(query["sql"].startswith("BEGIN") for query in queries) == 1


def test_opening_a_stream_costs_who_asks_and_the_message(alices, alice):
    reply = make_reply(make_session(alice))
    with CaptureQueriesContext(connection) as queries:
        alices.get(f"/gemini/messages/{reply.pk}/stream/").close()
    assert len(statements(queries)) <= OPENING, "\n".join(statements(queries))


def test_what_ends_a_stream_costs_two_queries(alices, alice):
    reply = make_reply(conversation(alice, 3))
    request = alices.get(f"/gemini/messages/{reply.pk}/").wsgi_request
    request.user.pk  # noqa: B018
    with CaptureQueriesContext(connection) as queries:
        assert reply.content in ended(request, reply.pk)
    assert len(statements(queries)) <= ENDING, "\n".join(statements(queries))


def test_an_end_and_its_line_in_the_ledger_are_one_transaction(alice):
    reply = make_reply(make_session(alice), "", status="generating", lease_owner=runtime.owner)
    ending = store.Ending(status="done", text="Готово")
    call = GeminiCall(user=alice, interface="pages", purpose="reply", key_origin="own", message_id=reply.pk)
    with CaptureQueriesContext(connection) as queries:
        endings.write(reply.pk, runtime.owner, ending, call)
    assert len(queries) <= FINISHING, [query["sql"] for query in queries]
    assert sum(query["sql"].startswith("BEGIN") for query in queries) == 1
    assert GeminiCall.objects.get().message.status == "done"


@pytest.mark.parametrize("replies", [1, 30])
def test_a_checkpoint_is_one_transaction_however_many_replies(alice, replies):
    lease = timezone.now() + store.LEASE
    rows = [
        make_reply(make_session(alice), "", status="generating", lease_owner="ours", lease_until=lease)
        for _ in range(replies)
    ]
    with CaptureQueriesContext(connection) as queries:
        assert store.checkpoint("ours", {row.pk: "слово" for row in rows}, []) == set()
    assert sum(query["sql"].startswith("BEGIN") for query in queries) == 1
    assert len(statements(queries)) == replies, "one small update for each, and nothing else"


def test_silent_replies_are_renewed_by_one_statement(alice):
    lease = timezone.now() + store.LEASE
    rows = [
        make_reply(make_session(alice), "", status="generating", lease_owner="ours", lease_until=lease)
        for _ in range(30)
    ]
    with CaptureQueriesContext(connection) as queries:
        store.checkpoint("ours", {}, [row.pk for row in rows])
    assert len(statements(queries)) == 1
    assert ChatMessage.objects.leased().count() == 30


def calls_in(work):
    """Calls of functions in Python, the test client's own some hundred among them; the least of three."""

    def counted():
        calls = 0

        def note(frame, event, argument):
            nonlocal calls
            calls += event == "call"

        sys.setprofile(note)
        try:
            work()
        finally:
            sys.setprofile(None)
        return calls

    return min(counted() for _ in range(3))


def test_what_a_message_costs_in_calls(alices, alice, unstarted, serving):
    chats = iter([conversation(alice, 3) for _ in range(3)])

    def send():
        url = f"/gemini/chat/{next(chats).pk}/messages/"
        assert alices.post(url, {"content": "Ещё"}, headers={"HX-Request": "true"}).status_code == 200

    reply = make_reply(conversation(alice, 3))
    request = alices.get(f"/gemini/messages/{reply.pk}/").wsgi_request
    costs = {
        "send": calls_in(send),
        "open": calls_in(lambda: alices.get(f"/gemini/messages/{reply.pk}/stream/").close()),
        "end": calls_in(lambda: ended(request, reply.pk)),
    }
    assert all(costs[name] <= most for name, most in CALLS.items()), costs
