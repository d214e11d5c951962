"""Which requests take a thread from the pages: not those that wait for an answer of Gemini's."""

import threading

import pytest
from django.http import StreamingHttpResponse

from config.handler import Handler

WAITING = [
    "/api/v1/gemini/chat-sessions/1/send_message/",
    "/api/v1/gemini/chat-sessions/1/retry/",
    "/api/v1/gemini/api/analyze_text/",
    "/api/v1/gemini/api/generate_response/",
    "/api/v1/finance/analyze/",
    "/api/v1/calendar/analyze/",
    "/gemini/send-message/",
]
QUICK = [
    "/gemini/",
    "/gemini/chat/1/messages/",
    "/api/v1/gemini/chat-sessions/",
    "/api/v1/finance/import/",
    "/nothing/",
]


@pytest.mark.parametrize("path", WAITING)
def test_what_waits_has_a_thread_of_its_own(path):
    assert Handler().needs_its_own({"path": path, "method": "POST"})


@pytest.mark.parametrize("path", QUICK)
def test_all_else_runs_in_the_pool(path):
    assert not Handler().needs_its_own({"path": path, "method": "POST"})


async def events():
    yield b"data: 1\n\n"


@pytest.mark.parametrize(("content", "is_here"), [(events(), True), (iter([b"row"]), False)], ids=["events", "rows"])
async def test_only_what_may_have_files_to_close_is_closed_in_the_pool(content, is_here):
    response = StreamingHttpResponse(content)
    closed = []
    response._resource_closers.append(lambda: closed.append(threading.current_thread()))
    await Handler().finish(response)
    assert [thread is threading.current_thread() for thread in closed] == [is_here]
