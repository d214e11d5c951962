"""Redis is a help and no need: away at the start, gone in mid-stream, back again; nobody sees an error."""

import asyncio
import re

import pytest

from tests.processes import free_port
from tests.scale.site import Redis, Site, watch_until


@pytest.fixture(scope="module")
def own_redis():
    with Redis() as redis:
        yield redis


@pytest.fixture(scope="module")
def site(upstream, database, own_redis):
    with Site(upstream, database, REDIS_URL=own_redis.url) as site:
        yield site
        assert "Traceback" not in site.log(), site.log()


def assert_no_gap(screen):
    words = re.findall(r"слово\d+", screen.text)
    assert words == [f"слово{n}" for n in range(1, len(words) + 1)]
    assert len(words) > 50


async def test_a_stream_from_another_worker_ends_whole_though_redis_goes_away(site, own_redis, alices, screens):
    here, there = alices
    _, reply = await here.begin("[[words 120]] [[pace 0.05]]")
    watching = await watch_until("слово3", there, reply, screens[0])
    own_redis.stop()
    # Others come meanwhile, and everything else works.
    late = await there.watch(reply)
    await watching
    for screen in (screens[0], late):
        assert "слово120" in screen.done
        assert_no_gap(screen)
    assert (await there.http.get("/gemini/")).status_code == 200
    assert there.server.readiness() == 200
    _, stopped = await here.begin("[[words 200]] [[pace 0.05]]")
    assert (await there.post(f"messages/{stopped}/stop/")).status_code == 200
    await here.until(stopped, "stopped", seconds=4)
    own_redis.start()


async def test_when_redis_is_back_viewers_follow_live_again(own_redis, alices, screens):
    here, there = alices
    _, reply = await here.begin("[[words 600]] [[pace 0.05]]")
    watching = await watch_until("слово3", there, reply, screens[0])
    own_redis.stop()
    await asyncio.sleep(1)
    own_redis.start()
    before = len(screens[0].events)
    await watching
    assert "слово600" in screens[0].done
    assert_no_gap(screens[0])
    # Most of ten seconds are left: by the row they would bring some twenty events.
    assert len(screens[0].events) - before > 40


async def test_a_site_starts_and_works_while_redis_is_down(upstream, database):
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    with Site(upstream, database, workers=1, REDIS_URL=nobody) as site:
        [alice] = site.visitors("early")
        async with alice:
            _, reply = await alice.begin("[[words 10]]")
            assert "слово10" in (await alice.watch(reply)).done
            assert (await alice.http.get("/accounts/login/")).status_code in (200, 302)
        assert "Traceback" not in site.log(), site.log()
        # Said once, and not with each second of its absence.
        assert 1 <= site.log().count("Redis is away, viewers") <= 2
