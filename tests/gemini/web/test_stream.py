import pytest
from django.test import AsyncClient
from django.urls import reverse

from gemini.web import sse
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


async def stream(client, message_id):
    response = await client.get(reverse("gemini:reply-stream", args=[message_id]))
    return response, b"".join([chunk async for chunk in response.streaming_content]).decode()


@pytest.fixture
def alices_async(alice):
    client = AsyncClient()
    client.force_login(alice)
    return client


async def test_a_finished_reply_is_a_single_done_with_the_message(alices_async, alice):
    from asgiref.sync import sync_to_async

    reply = await sync_to_async(lambda: factories.make_reply(factories.make_session(alice), "Готово"))()
    response, body = await stream(alices_async, reply.pk)
    assert body.count("event: ") == 1
    assert "event: done\ndata: " in body
    assert "Готово" in body
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert "no-store" in response.headers["Cache-Control"]


async def test_a_stranger_nobody_and_an_absent_reply_get_the_same_bytes(alice, bob):
    from asgiref.sync import sync_to_async

    reply = await sync_to_async(lambda: factories.make_reply(factories.make_session(alice), "Тайна"))()
    bobs = AsyncClient()
    await sync_to_async(bobs.force_login)(bob)
    answers = [await stream(client, pk) for client, pk in ((bobs, reply.pk), (AsyncClient(), reply.pk), (bobs, 10**9))]
    assert {response.status_code for response, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    assert "Ответ недоступен" in answers[0][1]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("раз", ["раз"]),
        ("a\n\nb\n", ["a", "", "b", ""]),
        ("a\r\nb\rc", ["a", "b", "c"]),
        ("a\x0cb\u2028c", ["a\x0cb\u2028c"]),
    ],
)
def test_data_is_encoded_line_by_line_and_comes_back_whole(data, lines):
    event = sse.encode("block", data, 7).decode()
    assert event == "id: 7\nevent: block\n" + "".join(f"data: {line}\n" for line in lines) + "\n"
