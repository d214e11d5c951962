"""A chat that is left open and talked to all day: 300 messages by `make soak`, a few in the usual run."""

import os

from playwright.sync_api import CDPSession, expect

MESSAGES = int(os.environ.get("SOAK_MESSAGES", "8"))
# The promise for 300 messages, and what a page takes once, whatever their number.
GROWTH_PER_MESSAGE = 30 * 1024 * 1024 / 300
GROWTH_ONCE = 2 * 1024 * 1024
LONGEST_TASK_MS = 200
# A leak is of one tree for each message at least; what the last swap was about may be held until the next.
DETACHED = 6
WARMING_UP = 3

WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration)))
    .observe({ type: "longtask" });
}"""
# How long the machine itself keeps everybody waiting, as an empty page meets it that only looks at the clock.
STALLS = """() => {
  window.stall = 0;
  let last = performance.now();
  setInterval(() => { stall = Math.max(stall, performance.now() - last - 20); last = performance.now(); }, 20);
}"""


def collect_garbage(devtools: CDPSession) -> None:
    for _ in range(2):
        devtools.send("HeapProfiler.collectGarbage")


def heap(devtools: CDPSession) -> int:
    """Bytes that the scripts of the page hold. The document itself is not in it: about 0.2 MB for each long answer."""
    collect_garbage(devtools)
    return int(devtools.send("Runtime.getHeapUsage")["usedSize"])


def detached(devtools: CDPSession) -> list[str]:
    """Trees that were taken out of the page and that some script still holds."""
    devtools.send("DOM.enable")
    collect_garbage(devtools)
    trees = [tree["treeNode"] for tree in devtools.send("DOM.getDetachedDomNodes")["detachedNodes"]]
    return [f"{tree['nodeName']} {tree.get('attributes', [])}" for tree in trees]


def test_a_long_conversation_costs_neither_memory_nor_smoothness(alice):
    chat, page = alice.chat, alice.page
    done = page.locator(".message--assistant[data-state=done]")

    def exchange(number: int) -> None:
        chat.send(f"Расскажи подробно о вопросе {number} [[pace 0.01]]")
        expect(done).to_have_count(number, timeout=60_000)

    chat.begin("Расскажи подробно [[pace 0.01]]")
    expect(done).to_have_count(1)
    for number in range(2, WARMING_UP + 1):
        exchange(number)
    devtools = page.context.new_cdp_session(page)
    idle = page.context.new_page()
    idle.evaluate(STALLS)
    page.evaluate(WATCH)
    before = heap(devtools)
    for number in range(WARMING_UP + 1, WARMING_UP + MESSAGES + 1):
        exchange(number)
    # The last message settles yet.
    page.wait_for_timeout(1500)
    longest, stall = max(page.evaluate("longTasks"), default=0), idle.evaluate("stall")
    # Afterwards: looking through the heap of so long a page is itself a task of seconds.
    growth, kept = heap(devtools) - before, detached(devtools)
    print(  # noqa: T201
        f"\n{MESSAGES} messages: heap {growth / 2**20:+.1f} MB, {len(kept)} detached trees; "
        f"longest task {longest:.0f} ms, the machine itself stalled for {stall:.0f} ms"
    )
    assert growth <= GROWTH_ONCE + GROWTH_PER_MESSAGE * MESSAGES
    assert len(kept) <= DETACHED, kept
    assert longest - min(stall, LONGEST_TASK_MS) <= LONGEST_TASK_MS
