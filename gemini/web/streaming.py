"""Files that are made while they are sent."""

from collections.abc import AsyncGenerator, Iterator

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

# Characters sent at once: a hop to the thread that reads the database costs more than a line does.
PIECE = 32 * 1024


def download(parts: Iterator[str] | Iterator[bytes], content_type: str, filename: str = "") -> StreamingHttpResponse:
    """`filename`: to be saved under it, in any alphabet (RFC 5987); without one it is shown."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if filename and (disposition := content_disposition_header(True, filename)):
        headers["Content-Disposition"] = disposition
    return StreamingHttpResponse(in_pieces(parts), content_type=content_type, headers=headers)


async def in_pieces(parts: Iterator[str] | Iterator[bytes]) -> AsyncGenerator[bytes]:
    """Under ASGI a synchronous iterator would be read to its end before the first byte is sent."""
    next_piece = sync_to_async(piece_of)
    while piece := await next_piece(parts):
        yield piece


def piece_of(parts: Iterator[str] | Iterator[bytes]) -> bytes:
    collected, size = [], 0
    for part in parts:
        collected.append(part.encode() if isinstance(part, str) else part)
        size += len(part)
        if size >= PIECE:
            break
    return b"".join(collected)
