"""The answer to a send is lost on the way back, and the same request comes again with the same `Idempotency-Key`."""

import asyncio
import json
import re
from urllib.parse import urlencode

import pytest

from tests.visitor import CSRF

QUESTION = "Дошло? [[words 40]] [[pace 0.02]]"


class Sender:
    """The same request over a socket of its own each time: by the pages, the REST API or the JSON API."""

    def __init__(self, alice, interface: str, session: int) -> None:
        self.alice = alice
        key = alice.http.cookies["sessionid"]
        self.headers = {"Cookie": f"sessionid={key}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "Connection": "close"}
        if interface == "pages":
            self.path = f"/gemini/chat/{session}/messages/"
            self.headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
            self.body = urlencode({"content": QUESTION, "idempotency_key": "once"}).encode()
        else:
            rest = interface == "REST"
            self.path = f"/api/v1/gemini/chat-sessions/{session}/send_message/" if rest else "/gemini/send-message/"
            self.headers |= {"Content-Type": "application/json", "Idempotency-Key": "once"}
            fields = {"content": QUESTION} if rest else {"session_id": session, "message": QUESTION}
            self.body = json.dumps(fields).encode()

    async def send(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.alice.server.port)
        headers = {"Host": f"127.0.0.1:{self.alice.server.port}", "Content-Length": len(self.body), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"POST {self.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body)
        await writer.drain()
        return reader, writer

    async def send_and_hang_up(self) -> None:
        _, writer = await self.send()
        # Not a FIN: the line is gone, and whatever the server says goes nowhere.
        writer.transport.abort()

    async def send_and_read(self) -> tuple[int, str, str]:
        reader, writer = await self.send()
        answer = (await reader.read(-1)).decode()
        writer.close()
        head, _, body = answer.partition("\r\n\r\n")
        return int(head.split()[1]), head, body


@pytest.mark.parametrize("interface", ["pages", "REST", "JSON"])
async def test_the_second_request_is_the_same_message_and_gets_the_same_answer(server, alice, interface):
    session, first = await alice.begin("Начало [[words 1]]")
    await alice.until(first, "done")
    sender = Sender(alice, interface, session)
    for _ in range(3):
        await sender.send_and_hang_up()
    answers = await asyncio.gather(*(sender.send_and_read() for _ in range(3)))
    asked = server.rows("SELECT * FROM gemini_chatmessage WHERE session_id = ? AND content = ?", session, QUESTION)
    assert len(asked) == 1
    replies = server.rows("SELECT * FROM gemini_chatmessage WHERE parent_id = ?", asked[0]["id"])
    assert len(replies) == 1
    row = await alice.until(replies[0]["id"], "done")
    assert row["content"].endswith("слово40")
    statuses, heads, bodies = zip(*answers, strict=True)
    assert set(statuses) == {200}
    for body in bodies:
        if interface != "pages":
            assert json.dumps(row["content"], ensure_ascii=False) in json.dumps(json.loads(body), ensure_ascii=False)
    if interface == "pages":
        # The page that did not get them has neither message: it is led to the chat, which has both.
        assert all(f"HX-Redirect: /gemini/chat/{session}/".lower() in head.lower() for head in heads)
        assert len(re.findall(rf'id="message-{row["id"]}"', await alice.page(f"chat/{session}/"))) == 1


async def test_a_send_that_nobody_waited_for_is_answered_all_the_same(server, alice):
    session, first = await alice.begin("Начало [[words 1]]")
    await alice.until(first, "done")
    sender = Sender(alice, "JSON", session)
    _, writer = await sender.send()
    await asyncio.sleep(0.3)
    writer.transport.abort()
    reply = alice.last_reply(session)
    assert reply != first
    assert (await alice.until(reply, "done", "stopped"))["content"].endswith("слово40")
