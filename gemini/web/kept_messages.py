"""Messages of a page as they were drawn before: sixty nodes of a template for each of fifty messages."""

import re
from copy import copy
from threading import Lock

from cachetools import LRUCache, cached
from django.template import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from gemini.models import ChatMessage
from gemini.rendering.memory import digest
from gemini.web import marks
from gemini.web.days import spoken_day
from gemini.web.forms import fresh_key

# Characters of HTML, of at most four bytes each.
KEPT = 2_000_000
TEMPLATE = "gemini/messages/_message.html"

_kept: LRUCache[bytes, SafeString] = LRUCache(KEPT, getsizeof=len)


def drawn(context: Context, message: ChatMessage) -> SafeString:
    """The message's HTML, from memory when it was drawn of late and nothing that it shows has changed."""
    if message.is_generating and not message.content and not message.activity:
        return marks.shown_in(context, begun(context, message), number=message.pk)
    if message.is_generating or message.retry_at:
        # One grows, and the other tells the time.
        return draw(context, message)
    html = re.sub(marks.FRESH_KEY, lambda _: fresh_key(), settled(context, message))
    return mark_safe(html)  # nosec B308 # the template has escaped it


def key_of(context: Context, message: ChatMessage) -> bytes:
    return digest(repr(shown_of(message)))


@cached(_kept, key=key_of, lock=Lock())
def settled(context: Context, message: ChatMessage) -> SafeString:
    """With marks in the place of keys. What is larger than there is room for is not kept."""
    with context.push(key_to_come=marks.FRESH_KEY):
        return draw(context, message)


def beginning_of(context: Context, message: ChatMessage) -> tuple[object, ...]:
    return get_language(), get_script_prefix(), begins(message)


@cached(LRUCache(100), key=beginning_of, lock=Lock())
def begun(context: Context, message: ChatMessage) -> SafeString:
    """A reply of which nothing has come yet, with marks for its number and the page's token."""
    any_like_it = copy(message)
    any_like_it.pk = marks.NUMBER
    with context.push(csrf_token=marks.CSRF_TOKEN):
        return draw(context, any_like_it)


def draw(context: Context, message: ChatMessage) -> SafeString:
    with context.push(message=message):
        html: SafeString = context.template.engine.get_template(TEMPLATE).render(context)  # type: ignore[union-attr]
        return html


def shown_of(message: ChatMessage) -> tuple[object, ...]:
    """All that the template shows: the whole row, what stands in its place, and the words of its day."""
    row = [getattr(message, field.attname) for field in message._meta.concrete_fields]
    return get_language(), get_script_prefix(), message.state, begins(message), message.turned, message.variants, row


def begins(message: ChatMessage) -> str:
    """The words for the day that begins with it, if one does."""
    return spoken_day(message.timestamp) if message.begins_day else ""
