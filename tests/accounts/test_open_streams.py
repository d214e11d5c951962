"""A stream was opened with a session: when that is ended, it ends with its next event, and the reply goes on."""

import asyncio

from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.urls import reverse

from accounts import sessions
from gemini import watching
from gemini.service import GeminiService
from tests import factories


async def test_the_stream_of_an_ended_session_ends_and_the_reply_goes_on(live):
    alice = await sync_to_async(factories.make_user)("alice")
    watched, other = AsyncClient(), AsyncClient()
    for client in (watched, other):
        await sync_to_async(client.force_login)(alice)
    service = GeminiService(alice)
    exchange = await service.asend(None, "[[words 120]] [[pace 0.03]]")
    url = reverse("gemini:reply-stream", args=[exchange.reply.pk])
    responses = [await client.get(url) for client in (watched, other)]
    ended, going_on = (response.streaming_content for response in responses)
    await anext(ended)
    await anext(going_on)
    await sync_to_async(sessions.forget)(alice, [watched.cookies["sessionid"].value])
    rest = b"".join(await asyncio.wait_for(gather(ended), 3)).decode()
    assert "Ответ недоступен" in rest
    assert "слово100" not in rest
    assert "слово120" in b"".join(await asyncio.wait_for(gather(going_on), 20)).decode()
    assert (await service.await_end(exchange)).reply.status == "done"


async def gather(stream):
    return [chunk async for chunk in stream]


def test_what_has_ended_is_forgotten_once_no_stream_can_be_left(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(watching.time, "monotonic", lambda: now)
    watching.end(["old"])
    now += watching.REMEMBERED + 1
    watching.end(["new"])
    assert (watching.has_ended("old"), watching.has_ended("new"), watching.has_ended(None)) == (False, True, False)
