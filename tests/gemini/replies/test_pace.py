"""How often replies are rendered: by what rendering takes of the processor."""

import time

from gemini.replies.live import FASTEST, SLOWEST, LiveReply, Pace


class Idle:
    """A renderer that is kept from its work, as any is while the processor is with others."""

    blocks: list[str] = []
    text = ""

    def feed(self, text: str) -> None:
        pass

    def advance(self) -> None:
        time.sleep(0.02)

    def tail(self) -> str:
        return ""


def test_waiting_for_the_processor_is_no_reason_to_render_less_often():
    pace = Pace()
    pace.watched = 300
    before = pace.interval()
    reply = LiveReply(1, 1, pace)
    reply._renderer = Idle()
    for _ in range(10):
        reply.publish()
    assert pace.interval() <= before


def test_many_readers_slow_rendering_down_but_nobody_waits_longer_than_half_a_second():
    pace = Pace()
    assert pace.interval() == 1 / FASTEST
    pace.watched = 200
    assert 1 / FASTEST < pace.interval() < SLOWEST
    # What each rendering costs when it has several finished blocks to render, too.
    for _ in range(100):
        pace.spent(0.01)
    assert pace.interval() == SLOWEST < 0.5
