"""The limit: an ASGI application of a few lines that passes a stream of Gemini's on (`uvicorn bench.relay:app`).

`POST /` with a prompt as its body answers with server-sent events: `data: <text of a chunk as JSON>`.
"""

import json
import os
from typing import Any

import httpx

UPSTREAM = os.environ.get("GEMINI_HTTP", "")
URL = f"{UPSTREAM}/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse"
HEADERS = {"x-goog-api-key": "test-relay-key"}
client = httpx.AsyncClient(timeout=None, limits=httpx.Limits(max_connections=None))


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    prompt = (await receive())["body"].decode()
    body = {"contents": [{"role": "user", "parts": [{"text": prompt}]}]}
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if prompt:
        async with client.stream("POST", URL, json=body, headers=HEADERS) as upstream:
            async for line in upstream.aiter_lines():
                if line.startswith("data: "):
                    parts = json.loads(line[6:])["candidates"][0]["content"]["parts"]
                    text = json.dumps("".join(part["text"] for part in parts), ensure_ascii=False)
                    event = f"event: tail\ndata: {text}\n\n".encode()
                    await send({"type": "http.response.body", "body": event, "more_body": True})
    await send({"type": "http.response.body", "body": b"event: done\ndata: \n\n"})
