"""Which messages of a chat a page holds, and how it leads to those before and after them."""

from dataclasses import dataclass, field
from itertools import pairwise

from django.http import QueryDict

from gemini import replies
from gemini.models import ChatMessage, ChatSession
from gemini.models.conversations import another_day
from gemini.prepared import Prepared
from gemini.web.dom import dom_id

MESSAGES_ON_PAGE = 50
# How many of them come before a message that was asked for.
LEAD = 20
# What nearly every page of a chat asks.
newest = Prepared(
    lambda session: ChatMessage.objects.shown().filter(session=session).order_by("-pk")[: MESSAGES_ON_PAGE + 1], int
)
# Digits; what is longer is no id that a database could hold.
LONGEST_ID = 18


@dataclass(slots=True)
class Window:
    """`older_than` and `newer_than` are the ids at which the windows before and after begin; None at the ends."""

    messages: list[ChatMessage] = field(default_factory=list)
    older_than: int | None = None
    newer_than: int | None = None


def window_for(session: ChatSession, asked: QueryDict) -> Window:
    """The messages `before` or `after` one, those around a `message`, or the newest."""
    window = Window()
    if before := id_in(asked, "before"):
        add_older(window, session, before, MESSAGES_ON_PAGE)
        window.newer_than = before - 1
    elif after := id_in(asked, "after"):
        add_newer(window, session, after, MESSAGES_ON_PAGE)
        window.older_than = after + 1
    elif message := id_in(asked, "message"):
        add_newer(window, session, message - 1, MESSAGES_ON_PAGE - LEAD)
        add_older(window, session, message, LEAD)
    else:
        add_older(window, session, None, MESSAGES_ON_PAGE)
    return prepared(window)


def window_from(session: ChatSession, first: ChatMessage) -> Window:
    """A message and what follows it, to take the place of what was there."""
    window = Window()
    add_newer(window, session, first.pk - 1, MESSAGES_ON_PAGE)
    return prepared(window)


def add_older(window: Window, session: ChatSession, before: int | None, size: int) -> None:
    if before is None and size == MESSAGES_ON_PAGE:
        found = newest_of(session)
    else:
        found = session.messages.shown().page_before(before, size + 1)
    # The one too many is the one before.
    earlier = found.pop(0) if len(found) > size else None
    if earlier:
        window.older_than = found[0].pk
    if found:
        found[0].begins_day = another_day(earlier, found[0])
    window.messages[:0] = found


def newest_of(session: ChatSession) -> list[ChatMessage]:
    """Oldest first, and one more than a page holds."""
    found = newest.all(session.pk)[::-1]
    for message in found:
        message.session = session
    return found


def add_newer(window: Window, session: ChatSession, after: int, size: int) -> None:
    found = session.messages.shown().page_after(after, size + 1)
    if len(found) > size:
        found.pop()
        window.newer_than = found[-1].pk
    window.messages += found


def prepared(window: Window) -> Window:
    """All that drawing asks of each message is known beforehand, by as many queries for many as for few."""
    for message in window.messages:
        replies.freshen(message)
    for earlier, message in pairwise(window.messages):
        message.begins_day = another_day(earlier, message)
    ChatMessage.objects.all().give_variants(window.messages)
    return window


def id_in(asked: QueryDict, name: str) -> int | None:
    number = asked.get(name, "")
    return int(number) if number.isdecimal() and len(number) <= LONGEST_ID else None


def message_url(message: ChatMessage) -> str:
    """The page of the chat that holds a message, at its place."""
    return f"{message.session.get_absolute_url()}?message={message.pk}#{dom_id(message)}"
