"""The body of an answer, also of one that is made while it is sent."""

from typing import Any

from asgiref.sync import async_to_sync


def content_of(response: Any) -> bytes:
    if not response.streaming:
        return response.content
    return async_to_sync(collected)(response.streaming_content) if response.is_async else b"".join(response)


async def collected(parts: Any) -> bytes:
    return b"".join([part async for part in parts])
