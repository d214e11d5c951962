"""How long the tests of this package are: whole with TORTURE=1, a taste of it otherwise, or as a variable says."""

import os

FULL = bool(os.environ.get("TORTURE"))


def length(variable: str, *, quick: int, full: int) -> int:
    return int(os.environ.get(variable, full if FULL else quick))


STREAMS = length("TORTURE_STREAMS", quick=30, full=300)
STREAM_SECONDS = length("TORTURE_STREAM_SECONDS", quick=2, full=300)
WRITERS = length("TORTURE_WRITERS", quick=32, full=32)
WRITER_SECONDS = length("TORTURE_WRITER_SECONDS", quick=4, full=600)
KILLS = length("TORTURE_KILLS", quick=1, full=20)
