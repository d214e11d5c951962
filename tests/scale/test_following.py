"""A reply is written by one worker and watched at another: live, to the end, and by its owner only."""

import asyncio
import re
import statistics

from gemini.rendering import render
from tests.visitor import Screen, Visitor, text_of


def words_at(screen: Screen) -> dict[int, float]:
    """When each word was first on the screen."""
    seen: dict[int, float] = {}
    replayed = Screen()
    for event in screen.events:
        replayed.apply(event)
        for number in re.findall(r"слово(\d+)", replayed.text):
            seen.setdefault(int(number), event.at)
    return seen


async def test_a_viewer_at_another_worker_follows_live(alices):
    here, there = alices
    _, reply = await here.begin("[[words 80]] [[pace 0.05]]")
    near, far = await asyncio.gather(here.watch(reply), there.watch(reply))
    assert "слово80" in far.done
    near_at, far_at = words_at(near), words_at(far)
    late = [far_at[word] - near_at[word] for word in near_at.keys() & far_at.keys()]
    # By the row, once a second, half a second would be the median, and there would be some five events.
    assert statistics.median(late) < 0.3
    assert len(far.events) > 20


async def test_the_first_words_are_there_at_once_though_a_checkpoint_is_not(alices):
    here, there = alices
    _, reply = await here.begin("[[words 3]] [[chunk 7]] [[pace 1.5]]")
    near, far = await asyncio.gather(here.watch(reply), there.watch(reply))
    # What was there before a viewer came is in its snapshot, and has no moment.
    seen, heard = words_at(near), words_at(far)
    late = [heard[word] - seen[word] for word in seen.keys() & heard.keys()]
    assert late
    assert min(late) < 0.5, late


async def test_whoever_joins_whenever_and_wherever_sees_the_whole_text_and_nothing_twice(alices):
    _, reply = await alices[0].begin("Расскажи подробно, длинный ответ [[pace 0.01]]")

    async def join(person: Visitor, after: float) -> Screen:
        await asyncio.sleep(after)
        return await person.watch(reply)

    screens = await asyncio.gather(*(join(alices[n % 2], n / 8) for n in range(10)))
    stored = text_of(render(alices[0].server.message(reply)["content"]))
    for screen in screens:
        assert stored in text_of(screen.done)
        assert stored.startswith(screen.text.rstrip("*` ").rsplit(" ", 1)[0])


async def test_viewers_elsewhere_of_many_replies_keep_them_apart(site, alices):
    chats = [await alices[n % 2].begin(f"Повтори: чат {n} [[words 40]] [[pace 0.03]]") for n in range(6)]
    screens = await asyncio.gather(*(alices[(n + 1) % 2].watch(reply) for n, (_, reply) in enumerate(chats)))
    for (_, reply), screen in zip(chats, screens, strict=True):
        words = re.findall(r"слово\d+", screen.text)
        assert words == [f"слово{n}" for n in range(1, len(words) + 1)]
        assert text_of(render(site.workers[0].message(reply)["content"])) in text_of(screen.done)


async def test_nobody_else_sees_it_there_either(site, alices):
    _, reply = await alices[0].begin("[[words 40]] [[pace 0.05]]")
    alices_own = asyncio.create_task(alices[1].watch(reply))
    async with site.visitors("stranger")[1] as stranger:
        screen = await stranger.watch(reply)
    assert [event.name for event in screen.events] == ["done"]
    assert "слово" not in screen.done
    assert "слово40" in (await alices_own).done


async def test_a_reply_that_only_its_own_worker_shows_is_not_told_to_anybody(alices, redis):
    _, reply = await alices[0].begin("[[words 30]] [[pace 0.03]]")
    await alices[0].watch(reply)
    assert not redis.client.keys(f"gemini:*:reply:{reply}")


async def test_what_is_told_is_bounded_and_soon_forgotten(alices, redis):
    _, reply = await alices[0].begin("[[words 60]] [[pace 0.05]]")
    with redis.client.monitor() as monitor:
        await alices[1].watch(reply)
        said = monitor.listen()
        command = ""
        while not (command.startswith("XADD") and f":reply:{reply} " in command):
            command = next(said)["command"]
    assert "MAXLEN ~ 200" in command
    [stream] = redis.client.keys(f"gemini:*:reply:{reply}")
    assert 0 < redis.client.ttl(stream) <= 60
