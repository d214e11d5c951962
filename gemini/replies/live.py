"""A reply while it is being written: its text, what of it is rendered, and who watches."""

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

from gemini.rendering import BlockRenderer, activity_line

if TYPE_CHECKING:
    from gemini.replies.relay import Relay

# Renderings a second for one reply, while there is time for that many.
FASTEST = 20
# The part of one core that rendering may take; past it every reply is rendered less often.
RENDERING_SHARE = 0.25
# Seconds that a reader waits at most for what has arrived. Rendering ever less often saves no more: finished blocks are
# rendered once at any pace. Measured without this bound: 300 streams of 2 chunks a second 4 s behind, and a core idle.
SLOWEST = 0.4


class Pace:
    """How often replies are rendered: as often as they all can be within `RENDERING_SHARE` of a core."""

    def __init__(self) -> None:
        self.cost = 0.0003
        self.watched = 0

    def interval(self) -> float:
        """Seconds between two renderings of one reply."""
        return min(SLOWEST, max(1 / FASTEST, self.watched * self.cost / RENDERING_SHARE))

    def spent(self, seconds: float) -> None:
        self.cost += (seconds - self.cost) / 32


class Viewer:
    """One who watches a reply, on whatever event loop it was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._waiting: asyncio.Future[None] | None = None
        self._changed = False
        # Whether it has to leave before the end.
        self.is_dismissed = False

    def dismiss(self) -> None:
        self.is_dismissed = True
        self.wake()

    def wake(self) -> None:
        if threading.get_ident() == self._thread:
            self._change()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._change)

    def _change(self) -> None:
        self._changed = True
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    async def wait(self, seconds: float) -> bool:
        """Whether something has changed since the last time, or does within so many seconds."""
        if not self._changed:
            # Neither `asyncio.timeout` nor an Event: with each event they would be more than half of the waiting.
            self._waiting = self._loop.create_future()
            timer = self._loop.call_later(seconds, self._stop_waiting)
            try:
                await self._waiting
            finally:
                timer.cancel()
        changed, self._changed = self._changed, False
        return changed


class LiveReply:
    """Belongs to the loop that replies run on; `watch`, `publish` and `text` may be called from other threads."""

    def __init__(self, message_id: int, session_id: int, pace: Pace, begins_with: str = "") -> None:
        self.message_id = message_id
        self.session_id = session_id
        self.started = time.monotonic()
        self.first_token: float | None = None
        # What a continuation begins with is in its row already.
        self.saved_length = len(begins_with)
        # The status to end with, once somebody has asked to end it.
        self.ending = ""
        self.asking: asyncio.Future[Any] | None = None
        self.ended = asyncio.Event()
        self.viewers: set[Viewer] = set()
        # Tells other processes, once somebody watches from there.
        self.relay: Relay | None = None
        self.sequence = 0
        self.length = len(begins_with)
        # What is being looked up for it, in words, while the model waits.
        self.activity = ""
        self._tail = ""
        self._pace = pace
        self._renderer = BlockRenderer()
        self._renderer.feed(begins_with)
        self._lock = threading.Lock()
        self._published_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def text(self) -> str:
        with self._lock:
            return self._renderer.text

    def append(self, text: str) -> None:
        if not text:
            return
        with self._lock:
            self._renderer.feed(text)
            self.length += len(text)
        if self.first_token is None:
            self.first_token = time.monotonic()
        if self.relay:
            self.relay.add(text)
        if self.viewers and self._timer is None:
            due = self._published_at + self._pace.interval() - time.monotonic()
            self._timer = asyncio.get_running_loop().call_later(max(0.0, due), self._on_timer)

    def show_activity(self, words: str) -> None:
        """Says at the end of the text what is going on; it belongs to the tail, so a reconnect shows it again."""
        self.activity = words
        if self.relay:
            self.relay.show_activity(words)
        self.publish()
        self.wake_viewers()

    def _on_timer(self) -> None:
        self._timer = None
        self.publish()
        self.wake_viewers()

    def publish(self) -> None:
        """Renders what has arrived since the last time."""
        # What it takes of the processor: on a busy machine the clock would count what others take of it meanwhile, and
        # replies would be rendered ever less often for work that is not theirs.
        began = time.thread_time()
        with self._lock:
            self._renderer.advance()
            self._tail = self._renderer.tail()
            if self.activity:
                self._tail += activity_line(self.activity)
            self.sequence += 1
        self._published_at = time.monotonic()
        self._pace.spent(time.thread_time() - began)

    def rendered(self, after: int = 0) -> tuple[list[str], str, int]:
        """The finished blocks from number `after` on, the tail, and the sequence number of this state."""
        with self._lock:
            return list(self._renderer.blocks[after:]), self._tail, self.sequence

    def watch(self, viewer: Viewer) -> None:
        self.viewers.add(viewer)
        self._pace.watched += 1
        self.publish()

    def leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)
        self._pace.watched -= 1

    def wake_viewers(self) -> None:
        for viewer in tuple(self.viewers):
            viewer.wake()

    def cancel(self, ending: str) -> None:
        """Ends the asking; what there is will be written down with the status `ending`. To be called on the loop."""
        self.ending = self.ending or ending
        if self.asking:
            self.asking.cancel()

    def end(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self.relay:
            self.relay.end()
        self.ended.set()
        self.wake_viewers()
