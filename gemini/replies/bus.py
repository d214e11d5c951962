"""What the processes of one site tell each other about replies, over Redis Streams; without `REDIS_URL` nothing.

One stream is read by all processes: who watches what, what was stopped, which sign-ins have ended. A reply that is
watched from elsewhere has a stream of its own with its raw text; `docs/decisions/0008-the-bus.md` says why raw and why
only then. Nothing here is the truth, which is in the rows: whatever is lost on the way costs a second's delay.
"""

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings

from gemini import conf

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from gemini.replies.relay import Relay

logger = logging.getLogger(__name__)

Fields = dict[str, str]

# Seconds.
FLUSH_EVERY = 0.05
SEND_WITHIN = 1.0
CONNECT_WITHIN = 2.0
TRY_AGAIN_AFTER = 1.0
BLOCK = 5.0
# What is not yet sent, and what is kept for those who read late. A reader who missed more asks again.
MAX_LETTERS = 200
MAX_COMMON_ENTRIES = 1000
MAX_REPLY_ENTRIES = 200
# Seconds that a reply's stream outlives its last reader; the first is longer than any reply lasts.
KEPT_WHILE_WRITTEN = 3600
KEPT_AFTER_THE_END = 60


class Bus:
    """Belongs to the loop that replies run on; `tell` may be called from any thread."""

    def __init__(self) -> None:
        self.is_running = False
        # What to do with each kind of letter that is heard, our own among them.
        self.handlers: dict[str, Callable[[Fields], None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._prefix = ""
        self._letters: deque[Fields] = deque(maxlen=MAX_LETTERS)
        self._relays: set[Relay] = set()
        self._due = asyncio.Event()
        self._readers: dict[int, Callable[[Fields], None]] = {}
        # The last entry read of each stream.
        self._read: dict[str, str] = {}
        self._is_away = False

    # --- Used by whoever has something to tell or to hear

    def tell(self, kind: str, **fields: str | int) -> None:
        """Sends a letter to all processes, soon and perhaps not at all; nobody waits for it."""
        if self.is_running and self._loop:
            letter = {"kind": kind} | {name: str(value) for name, value in fields.items()}
            self._loop.call_soon_threadsafe(self._post, letter)

    def has_news(self, relay: "Relay") -> None:
        """The relay will be asked for what it has before long."""
        if self.is_running:
            self._relays.add(relay)
            self._due.set()

    def read(self, message_id: int, take: Callable[[Fields], None]) -> None:
        """Passes on what the stream of this reply brings. It is read from the next letter on, so one has to be sent."""
        self._readers[message_id] = take

    def leave(self, message_id: int) -> None:
        self._readers.pop(message_id, None)
        self._read.pop(self._stream_of(message_id), None)

    # --- The process's own two tasks

    async def run(self) -> None:
        """For ever, where `REDIS_URL` is set."""
        url = conf.get("REDIS_URL")
        if not url:
            return
        # Two sites on one Redis number their messages alike: neither may read the other's.
        self._prefix = f"gemini:{hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()[:12]}"
        self._loop, self._due = asyncio.get_running_loop(), asyncio.Event()
        self.is_running = True
        try:
            async with connect(url, SEND_WITHIN) as sender, connect(url, BLOCK * 2) as reader:
                await asyncio.gather(self._send(sender), self._listen(reader))
        finally:
            self.is_running = False

    async def _send(self, redis: "Redis") -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                async with asyncio.timeout(SEND_WITHIN):
                    await self._flush(redis)
            except failures() as error:
                self._mark_away(error)
                await asyncio.sleep(TRY_AGAIN_AFTER)
            else:
                # Meanwhile more comes together: one journey for all replies, twenty times a second at most.
                await asyncio.sleep(FLUSH_EVERY)

    async def _flush(self, redis: "Redis") -> None:
        letters, relays = tuple(self._letters), tuple(self._relays)
        self._letters.clear()
        self._relays.clear()
        pipeline = redis.pipeline(transaction=False)
        for letter in letters:
            pipeline.xadd(self._common, letter, maxlen=MAX_COMMON_ENTRIES, approximate=True)  # type: ignore[arg-type]
        for relay in relays:
            fields, stream = relay.take(), self._stream_of(relay.message_id)
            pipeline.xadd(stream, fields, maxlen=MAX_REPLY_ENTRIES, approximate=True)  # type: ignore[arg-type]
            if relay.is_new or relay.has_ended:
                pipeline.expire(stream, KEPT_AFTER_THE_END if relay.has_ended else KEPT_WHILE_WRITTEN)
            relay.is_new = False
        await pipeline.execute()

    async def _listen(self, redis: "Redis") -> None:
        while True:
            try:
                if self._common not in self._read:
                    last: Any = await redis.xrevrange(self._common, count=1)
                    self._read[self._common] = last[0][0] if last else "0-0"
                streams = {self._common} | {self._stream_of(message_id) for message_id in self._readers}
                positions = {stream: self._read.get(stream, "0-0") for stream in streams}
                arrived: Any = await redis.xread(positions, block=round(BLOCK * 1000))  # type: ignore[arg-type]
            except failures() as error:
                self._mark_away(error)
                await asyncio.sleep(TRY_AGAIN_AFTER)
                continue
            if self._is_away:
                self._is_away = False
                logger.info("Redis is back")
            for stream, entries in arrived:
                self._deliver(stream, entries)

    def _deliver(self, stream: str, entries: list[tuple[str, Fields]]) -> None:
        is_common = stream == self._common
        take = self._read_letter if is_common else self._readers.get(int(stream.rpartition(":")[2]))
        if take is None:
            return
        self._read[stream] = entries[-1][0]
        for _, fields in entries:
            try:
                take(fields)
            except (KeyError, ValueError):
                # A process of another version, while the site is being upgraded.
                logger.warning("Not understood on the bus: %s", sorted(fields))

    def _read_letter(self, letter: Fields) -> None:
        if handler := self.handlers.get(letter["kind"]):
            handler(letter)

    def _post(self, letter: Fields) -> None:
        self._letters.append(letter)
        self._due.set()

    def _mark_away(self, error: Exception) -> None:
        if not self._is_away:
            self._is_away = True
            logger.warning("Redis is away, viewers of other processes follow the rows: %r", error)

    @property
    def _common(self) -> str:
        return f"{self._prefix}:letters"

    def _stream_of(self, message_id: int) -> str:
        return f"{self._prefix}:reply:{message_id}"


def connect(url: str, patience: float) -> "Redis":
    """A client that fails at once instead of trying again: whoever uses it goes on without. `patience` in seconds."""
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,
        socket_timeout=patience,
        socket_connect_timeout=CONNECT_WITHIN,
        retry=Retry(NoBackoff(), 0),
    )


def failures() -> tuple[type[Exception], ...]:
    from redis.exceptions import RedisError

    # A TimeoutError is an OSError.
    return (RedisError, OSError)


bus = Bus()
