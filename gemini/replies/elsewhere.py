"""What a process does when it hears of others: tells what it writes, stops it, lets its viewers go."""

import contextlib

from django.db import Error

from gemini import watching
from gemini.models import ChatMessage
from gemini.replies import store
from gemini.replies.bus import Fields, bus
from gemini.replies.relay import Relay
from gemini.replies.runtime import runtime
from gemini.replies.upkeep import give_up


async def listening() -> None:
    """For ever, where `REDIS_URL` is set."""
    bus.handlers = {"watch": on_watch, "stop": on_stop, "ended": on_ended}
    await bus.run()


def on_watch(letter: Fields) -> None:
    """Somebody follows a reply elsewhere: from now to its end it is relayed."""
    if live := runtime.live.get(int(letter["reply"])):
        live.relay = live.relay or Relay(live)
        live.relay.tell_from(int(letter["known"]))


def on_stop(letter: Fields) -> None:
    """A row, or what is written in a session, was stopped by another process: no need to wait for the checkpoint."""
    if "session" in letter:
        stopped = [live.message_id for live in runtime.replies_of(int(letter["session"]))]
    else:
        stopped = [int(letter["reply"])] if int(letter["reply"]) in runtime.live else []
    for message_id in stopped:
        runtime.spawn(obey(message_id))


async def obey(message_id: int) -> None:
    """The letter only says where to look: what ends a reply is its row."""
    with contextlib.suppress(Error):
        if await runtime.in_database(store.status_of, message_id) != ChatMessage.Status.GENERATING:
            await give_up(message_id)


def on_ended(letter: Fields) -> None:
    watching.end_here([letter["session"]])
