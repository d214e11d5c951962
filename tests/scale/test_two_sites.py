"""Two sites on one Redis number their messages alike: neither may tell the other's viewers what it writes."""

import asyncio

from tests.scale.site import Database, Site
from tests.visitor import Screen


async def test_a_viewer_is_told_nothing_of_another_sites_reply_of_the_same_number(upstream, redis):
    with (
        Database() as ours,
        Database() as theirs,
        Site(upstream, ours, REDIS_URL=redis.url) as site,
        Site(upstream, theirs, workers=1, REDIS_URL=redis.url, SECRET_KEY="that of another site altogether") as other,
    ):
        here, there = site.visitors("alice")
        [bob] = other.visitors("bob")
        async with here, there, bob:
            _, of_other = await bob.begin("[[words 400]] [[pace 0.02]]")
            _, reply = await here.begin("[[first 3]] [[words 2]]")
            assert reply == of_other, "for this to mean anything"
            screen = Screen()
            await asyncio.wait_for(there.watch(reply, screen), 15)
            assert "слово2" in screen.done
            assert not [event for event in screen.events if "слово3" in event.data]
            await bob.post(f"messages/{of_other}/stop/")
