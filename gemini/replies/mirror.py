"""A reply that another process writes, as it is known here: from the bus as it grows, and from its row each second.

All viewers of this process share one mirror, so that it is asked for and rendered once.
"""

import asyncio
import copy
import logging
import time
from collections.abc import Mapping
from typing import Any

from django.db import Error

from gemini.models import ChatMessage
from gemini.replies.bus import Fields, bus
from gemini.replies.live import LiveReply
from gemini.replies.runtime import runtime

logger = logging.getLogger(__name__)

# Seconds without news from the bus after which the row is read; without a bus, how often.
POLL_SECONDS = 1.0
# Seconds between two requests to be told what is missing.
ASK_AGAIN_AFTER = 1.0


class Mirror:
    """Belongs to the loop that replies run on."""

    def __init__(self, message: ChatMessage) -> None:
        # Its viewers have this row too, each for itself.
        self.message = copy.copy(message)
        self.live = LiveReply(message.pk, message.session_id, runtime.pace, message.content)
        self.viewers = 0
        self.task: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self._is_over = False
        self._asked_at = 0.0

    async def run(self) -> None:
        bus.read(self.message.pk, self.take)
        self.ask()
        try:
            # Past its lease the reply is interrupted: its process is dead, and sends no word of it.
            while self.message.is_generating and not self._is_over and not runtime.draining:
                if not await self.has_heard(POLL_SECONDS) and not await self.reread():
                    return
        finally:
            bus.leave(self.message.pk)
            if _mirrors.get(self.message.pk) is self:
                del _mirrors[self.message.pk]
            self.live.end()

    def take(self, fields: Fields) -> None:
        begin, known = int(fields["at"]), self.live.length
        if "ended" in fields:
            # What viewers are shown now is the row, whatever of the text we have.
            self._is_over = True
        elif begin > known:
            # What came between was lost; text with a gap would stay wrong.
            self.ask()
            return
        else:
            self.live.append(fields["text"][known - begin :])
            if "activity" in fields:
                self.live.show_activity(fields["activity"])
        self._heard.set()

    def ask(self) -> None:
        """Its process will send what we lack, and what comes from now on."""
        if time.monotonic() - self._asked_at >= ASK_AGAIN_AFTER:
            self._asked_at = time.monotonic()
            bus.tell("watch", reply=self.message.pk, known=self.live.length)

    async def has_heard(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._heard.wait()
        except TimeoutError:
            return False
        self._heard.clear()
        return True

    async def reread(self) -> bool:
        """Brings the row's state up to date; False when it is gone."""
        try:
            row = await runtime.in_database(row_of, self.message.pk)
        except Error:
            # Its lease is what ends this, should the database stay away.
            logger.exception("Could not read the row of reply %s", self.message.pk)
            return True
        if row is None:
            return False
        for name, value in row.items():
            setattr(self.message, name, value)
        if len(self.message.content) > self.live.length:
            self.live.append(self.message.content[self.live.length :])
            # The row knew more than the bus has brought: we were not heard, or Redis was away.
            self.ask()
        return True


_mirrors: dict[int, Mirror] = {}


async def join(message: ChatMessage) -> Mirror:
    """The mirror of a reply, for one viewer more; it ends with the reply, or when the last of them has left."""
    mirror = _mirrors.get(message.pk)
    if mirror is None:
        mirror = _mirrors[message.pk] = Mirror(message)
        mirror.task = runtime.spawn(mirror.run())
    mirror.viewers += 1
    return mirror


def leave(mirror: Mirror) -> None:
    mirror.viewers -= 1
    if not mirror.viewers and mirror.task:
        _mirrors.pop(mirror.message.pk, None)
        mirror.task.cancel()


def row_of(message_id: int) -> Mapping[str, Any] | None:
    return ChatMessage.objects.filter(pk=message_id).values("content", "status", "lease_until").first()
