"""The clock jumps while replies run: NTP sets it, a virtual machine comes back from a snapshot.

What is stored depends on the wall clock by nothing but `lease_until`; pauses, deadlines and limits in a process go by
the monotonic clock, which does not jump (`test_nothing_that_waits_goes_by_the_wall_clock`). So a jump forward is, for a
row, the same as its lease set back by as much, and the other way round; that needs no change of the machine's clock.
"""

import re
import sqlite3

from tests.processes import ROOT

# What may ask for the time of day: it is stored or shown, or compared with what is stored. Nobody waits by it.
WALL_CLOCK = re.compile(r"\btime\.time\(\)|datetime\.now\(|utcnow\(")
WAITING = ["gemini/replies", "gemini/engines", "gemini/web/sse.py", "gemini/watching.py", "site/config"]


def jump(server, hours: int) -> None:
    """The clock of a server goes forward by so many hours, as its leases see it."""
    connection = sqlite3.connect(server.database, timeout=20)
    with connection:
        connection.execute(
            "UPDATE gemini_chatmessage SET lease_until = strftime('%Y-%m-%d %H:%M:%f', lease_until, ?) "
            "WHERE status = 'generating'",
            (f"{-hours} hours",),
        )
    connection.close()


async def test_a_jump_forward_ends_no_reply(server, alice):
    _, reply = await alice.begin("[[words 480]] [[pace 0.05]]")
    for _ in range(200):
        if server.message(reply)["status"] != "generating":
            break
        jump(server, 1)
        # Not at the beat of the sweeper nor at that of the checkpointer.
        await alice.page("")
    row = await alice.until(reply, "done", "interrupted")
    assert (row["status"], row["content"].split()[-1]) == ("done", "слово480")


async def test_a_jump_backward_blocks_no_chat_whose_process_has_died(server, alice):
    session, reply = await alice.begin("[[words 2000]] [[pace 0.05]]")
    server.kill()
    jump(server, -1)
    server.start()
    await alice.until(reply, "interrupted", seconds=12)
    assert "Ответ прерван" in await alice.page(f"chat/{session}/")
    assert await alice.send(session, "Дальше [[words 1]]")


async def test_a_jump_backward_ends_no_reply(server, alice):
    _, reply = await alice.begin("[[words 60]] [[pace 0.05]]")
    jump(server, -1)
    assert (await alice.until(reply, "done", "interrupted"))["content"].endswith("слово60")


def test_nothing_that_waits_goes_by_the_wall_clock():
    found = set()
    for place in WAITING:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found |= {str(file.relative_to(ROOT)) for _ in WALL_CLOCK.findall(file.read_text())}
    # How long it is to midnight in California, when a day's quota is new: told to people.
    assert found == {"gemini/engines/base.py"}
