"""Several workers and no Redis: the rows are what they know of each other, which takes seconds and loses nothing."""

import asyncio
import time

import pytest

from tests.scale.site import Site, watch_until


@pytest.fixture(scope="module")
def site(upstream, database):
    with Site(upstream, database, REDIS_URL="") as site:
        yield site
        assert "Traceback" not in site.log(), site.log()


async def test_a_viewer_at_another_worker_follows_the_row(alices):
    here, there = alices
    _, reply = await here.begin("[[words 80]] [[pace 0.05]]")
    _, far = await asyncio.gather(here.watch(reply), there.watch(reply))
    assert "слово80" in far.done
    growing = [event for event in far.events if "слово" in event.data]
    assert len(growing) >= 3


async def test_a_stop_at_another_worker_takes_effect_with_the_next_checkpoint(site, alices, screens):
    here, there = alices
    _, reply = await here.begin("[[words 250]] [[pace 0.05]]")
    watching = await watch_until("слово3", here, reply, screens[0])
    began = time.monotonic()
    await there.post(f"messages/{reply}/stop/")
    await watching
    assert time.monotonic() - began < 3
    assert "Ответ остановлен" in screens[0].done
    assert site.workers[0].message(reply)["status"] == "stopped"


async def test_a_sign_out_elsewhere_ends_streams_within_seconds(alices, screens):
    here, there = alices
    _, reply = await here.begin("[[first 12]] [[words 10]]")
    watching = asyncio.create_task(there.watch(reply, screens[0]))
    await asyncio.sleep(0.5)
    assert (await here.http.post("/accounts/logout/")).status_code in (200, 302)
    began = time.monotonic()
    await asyncio.wait_for(watching, 10)
    # Without an end, so that a browser asks again; it is told then.
    assert screens[0].done is None
    assert "Ответ недоступен" in (await there.watch(reply)).done
    assert time.monotonic() - began < 9


async def test_a_stream_goes_on_for_whoever_is_still_signed_in(alices, screens):
    """The look at the rows of sessions lets go of nobody else."""
    here, there = alices
    _, reply = await here.begin("[[words 100]] [[pace 0.08]]")
    near, far = await asyncio.gather(here.watch(reply), there.watch(reply))
    assert "слово100" in near.done
    assert "слово100" in far.done
