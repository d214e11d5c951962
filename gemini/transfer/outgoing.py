import io
from typing import Any


class Outgoing(io.RawIOBase):
    """A file that is written to one side and read from the other, for an archive that is sent while it is made."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        written, self._written = b"".join(self._written), []
        return written
