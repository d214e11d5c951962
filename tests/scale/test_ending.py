"""What ends a reply, or a view of it, at one worker does so at all of them, at once."""

import asyncio
import re
import time

from tests.scale.site import watch_until


async def test_a_stop_at_another_worker_ends_the_reply_at_once_with_all_its_text(site, alices, screens):
    here, there = alices
    _, reply = await here.begin("[[words 250]] [[pace 0.05]]")
    watching = await watch_until("слово3", here, reply, screens[0])
    began = time.monotonic()
    stopped = await there.post(f"messages/{reply}/stop/")
    assert stopped.status_code == 200
    await asyncio.wait_for(watching, 5)
    assert "Ответ остановлен" in screens[0].done
    row = site.workers[0].message(reply)
    assert (row["status"], row["lease_until"]) == ("stopped", None)
    # The answer to the stop shows what there is, and not what the last checkpoint knew.
    last = re.findall(r"слово\d+", row["content"])[-1]
    assert last in stopped.text
    assert time.monotonic() - began < 5


async def test_a_stop_elsewhere_does_not_wait_for_a_checkpoint(alices, screens):
    """The median of several: a checkpoint comes each second, so that half of them would take half a second or more."""
    here, there = alices
    took = []
    for number in range(5):
        _, reply = await here.begin(f"{number} [[words 250]] [[pace 0.05]]")
        watching = await watch_until("слово3", here, reply, screens[number])
        began = time.monotonic()
        await there.post(f"messages/{reply}/stop/")
        await watching
        took.append(time.monotonic() - began)
    assert sorted(took)[2] < 0.5, took


async def test_a_chat_deleted_at_another_worker_stops_its_reply(site, alices, upstream, screens):
    here, there = alices
    session, reply = await here.begin("Удали меня там [[words 250]] [[pace 0.05]]")
    watching = await watch_until("слово3", here, reply, screens[0])
    assert (await there.post(f"sessions/{session}/delete/")).status_code == 200
    await asyncio.wait_for(watching, 3)
    assert "Ответ недоступен" in screens[0].done
    assert (await here.until(reply, "stopped", seconds=3))["content"]


async def test_a_sign_out_elsewhere_ends_the_streams_of_that_sign_in_and_no_others(site, alices, screens):
    here, _ = alices
    user = site.workers[0].rows("SELECT username FROM accounts_user ORDER BY id DESC LIMIT 1")[0]["username"]
    other_browser = site.visitors(user)
    _, reply = await here.begin("[[words 120]] [[pace 0.05]]")
    mine = await watch_until("слово3", here, reply, screens[0])
    others = await watch_until("слово3", other_browser[0], reply, screens[1])
    at_the_other_worker = await watch_until("слово3", other_browser[1], reply, screens[2])
    ended = await alices[1].http.post("/accounts/sessions/end-others/")
    assert ended.status_code in (200, 204, 302), ended.text
    await asyncio.wait_for(asyncio.gather(others, at_the_other_worker), 2)
    assert "Ответ недоступен" in screens[1].done
    assert "Ответ недоступен" in screens[2].done
    await mine
    assert "слово120" in screens[0].done
    for one in other_browser:
        await one.http.aclose()


async def test_a_silent_stream_is_let_go_too(site, alices, screens):
    """Nothing is written, so there is no next event at which one could look."""
    here, there = alices
    _, reply = await here.begin("[[first 6]] [[words 10]]")
    watching = asyncio.create_task(there.watch(reply, screens[0]))
    await asyncio.sleep(0.5)
    assert (await here.http.post("/accounts/logout/")).status_code in (200, 302)
    await asyncio.wait_for(watching, 3)
    assert "Ответ недоступен" in screens[0].done
