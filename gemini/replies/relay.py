"""The text of a reply on its way to other processes, of which somebody watches it there."""

from typing import TYPE_CHECKING

from gemini.replies.bus import Fields, bus

if TYPE_CHECKING:
    from gemini.replies.live import LiveReply

# Characters that wait to be sent, at most: past it Redis is slower than the model, and the readers ask again.
MAX_WAITING = 64 * 1024


class Relay:
    """Gathers what a live reply gains until the bus takes it. Belongs to the loop that replies run on."""

    def __init__(self, live: "LiveReply") -> None:
        self.message_id = live.message_id
        self.is_new = True
        self.has_ended = False
        self._live = live
        self._pieces: list[str] = []
        # Where in the reply's text the waiting pieces begin, and how much of it they are.
        self._begin, self._waiting = live.length, 0
        self._activity: str | None = live.activity or None

    def add(self, text: str) -> None:
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting > MAX_WAITING:
            self._begin += self._waiting
            self._pieces, self._waiting = [], 0
        bus.has_news(self)

    def show_activity(self, words: str) -> None:
        self._activity = words
        bus.has_news(self)

    def tell_from(self, length: int) -> None:
        """For a reader who has so many characters of the text."""
        if length < self._begin + self._waiting:
            self._begin = min(length, self._begin)
            self._pieces = [self._live.text[self._begin :]]
            self._waiting = len(self._pieces[0])
        if self._live.activity:
            self._activity = self._live.activity
        bus.has_news(self)

    def end(self) -> None:
        self.has_ended = True
        bus.has_news(self)

    def take(self) -> Fields:
        """What there is to tell: text with its place in the whole, so that it can be told twice and out of order."""
        fields = {"at": str(self._begin), "text": "".join(self._pieces)}
        if self._activity is not None:
            fields["activity"] = self._activity
        if self.has_ended:
            fields["ended"] = "1"
        self._begin += self._waiting
        self._pieces, self._waiting, self._activity = [], 0, None
        return fields
