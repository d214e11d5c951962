"""After a load the process is no larger than it has to be."""

import asyncio
import contextlib
import os
import subprocess
import sys

import pytest

from config import trimming
from gemini import replies

# Forty thousand pieces of a few kilobytes, of which each twentieth stays: the heap is full of holes.
HOLES = """
import django
django.setup()
import psutil
from config.trimming import trimmer
size = lambda: psutil.Process().memory_info().rss
pieces = [bytearray(600 + n % 7919) for n in range(40_000)]
kept, full = pieces[::20], size()
del pieces
trimmer()()
print(full - size())
"""


@pytest.mark.skipif(trimming.trimmer() is None, reason="another C library")
def test_what_was_freed_goes_back_to_the_system():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    ran = subprocess.run([sys.executable, "-c", HOLES], env=environment, capture_output=True, text=True, check=True)
    assert int(ran.stdout) > 80 * 2**20


async def test_it_is_trimmed_once_when_all_replies_are_written(monkeypatch):
    trimmed, passed = [], []
    monkeypatch.setattr(trimming, "trimmer", lambda: lambda: trimmed.append(tuple(passed)))
    monkeypatch.setattr(trimming.gc, "collect", lambda: passed.append("collected"))
    monkeypatch.setattr(replies.runtime, "live", {})
    looking = asyncio.create_task(trimming.trim_when_idle(every=0.01))
    for live in (0, 100, 1, 0, 0, 5, 0):
        passed.append(live)
        replies.runtime.live = dict.fromkeys(range(live))
        await asyncio.sleep(0.1)
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking
    once = (0, 100, 1, 0, "collected")
    assert trimmed == [once, (*once, 0, 5, 0, "collected")]
