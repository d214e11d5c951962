"""Readers of streams on raw sockets, who know of each chunk when Gemini's stand-in has sent it (`[[stamp]]`)."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.sse import MESSAGE_ID, ChatClient, Connection, request

STAMP = re.compile(rb"@(\d+)")


@dataclass(slots=True)
class Tally:
    """What all readers have seen. Delays in milliseconds: from the sending by Gemini to the arrival at the reader."""

    delays: list[int] = field(default_factory=list)
    # From the POST to its answer.
    posts: list[float] = field(default_factory=list)
    complete: int = 0
    wrong: list[str] = field(default_factory=list)


class Reader(ChatClient):
    async def read(self, prompt: str, number: int, tally: Tally) -> None:
        """Asks in the chat of this number and reads the answer to its end."""
        head = f"POST /gemini/chat/{self.chats[number]}/messages/ HTTP/1.1\r\n{self.headers}"
        began = time.perf_counter()
        connection = await asyncio.open_connection(*self.host)
        answer = await request(connection, head, urlencode({"content": prompt}).encode())
        tally.posts.append(1000 * (time.perf_counter() - began))
        found = MESSAGE_ID.findall(answer)
        if not found:
            connection[1].close()
            tally.wrong.append(answer[:200].decode(errors="replace"))
            return
        await self.follow(connection, int(found[-1]), tally)

    async def follow(self, connection: Connection, message: int, tally: Tally) -> None:
        reader, writer = connection
        writer.write(f"GET /gemini/messages/{message}/stream/ HTTP/1.1\r\n{self.headers}\r\n".encode())
        pending, newest, done = b"", 0, b""
        while not done and (data := await reader.read(65536)):
            now = time.monotonic_ns() // 1_000_000
            *events, pending = (pending + data).split(b"\n\n")
            for event in events:
                if b"event: done" in event:
                    done = event
                    break
                stamps = [stamp for stamp in map(int, STAMP.findall(event)) if stamp > newest]
                tally.delays += [now - stamp for stamp in stamps]
                newest = stamps[-1] if stamps else newest
        writer.close()
        if b'data-state="done"' in done:
            tally.complete += 1
        else:
            tally.wrong.append(f"the stream of {message} ended with {done[:200]!r}")
