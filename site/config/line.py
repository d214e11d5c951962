"""In which order requests begin, and how many at once."""

import asyncio
import heapq
import itertools

# Of the threads of the pages, how many begin at once. Python runs one thread at a time: more of them only end later,
# all together, and the event loop stands in line with each of them for the interpreter. Of 20 clients at once the
# slowest had their first words after 270 ms instead of 480; to let streams pass by the line made it 1,000.
AT_ONCE = 2
# Seconds after which a request that is still under way lets the next begin: it waits, for a lock of the database say.
GIVES_WAY_AFTER = 0.05
# Seconds by which who sends something passes those who look: until Gemini answers there is time to draw. Of 20 clients
# at once the slowest had their first words after 66 ms instead of 106. More would let senders keep readers waiting.
SENDERS = 0.2
# And by which all others pass the end of a stream, whose reader has read all but the buttons below it.
ENDINGS = -1.0


class Line:
    """Like a semaphore of `AT_ONCE`, whose places go to whoever came first; some count as come earlier or later."""

    def __init__(self) -> None:
        self.free = AT_ONCE
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = itertools.count()

    def turn(self, ahead: float = 0.0) -> "Turn":
        """`ahead`: seconds, `SENDERS` or `ENDINGS`."""
        return Turn(self, ahead)

    async def take(self, ahead: float) -> None:
        if self.free:
            self.free -= 1
            return
        loop = asyncio.get_running_loop()
        place = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() - ahead, next(self._number), place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                # It was given one, and has left before it knew.
                self.give_back()
            raise

    def give_back(self) -> None:
        while self._waiting:
            _, _, place = heapq.heappop(self._waiting)
            if not place.done():
                place.set_result(None)
                return
        self.free += 1


class Turn:
    """A place in use, given back at the end or after `GIVES_WAY_AFTER`, whichever comes first."""

    def __init__(self, line: Line, ahead: float) -> None:
        self.line = line
        self.ahead = ahead
        self.timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        await self.line.take(self.ahead)
        self.timer = asyncio.get_running_loop().call_later(GIVES_WAY_AFTER, self.give_back)

    async def __aexit__(self, *_: object) -> None:
        self.give_back()

    def give_back(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None
            self.line.give_back()
