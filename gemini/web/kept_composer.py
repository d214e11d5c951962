"""The composer as it stands empty below every chat, drawn once: a third of the answer to a message."""

from threading import Lock

from cachetools import LRUCache, cached
from django.template import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from gemini.models import ChatSession
from gemini.sources import registered
from gemini.web import marks
from gemini.web.forms import MessageForm, fresh_key

# Two of a user, of a new chat and of any other; each is six kilobytes.
KEPT = 500
TEMPLATE = "gemini/messages/_composer.html"

_kept: LRUCache[tuple[object, ...], SafeString] = LRUCache(KEPT)


def drawn(context: Context) -> SafeString:
    """The composer's HTML, from memory when there is nothing in it and it is below the newest message.

    Without a form in the context there is nothing in it: to make one takes a tenth of what is drawn after a message.
    """
    composer, session, window = context.get("composer"), context.get("session"), context.get("window")
    if composer and (not composer.is_empty or context.get("attaching") or (window and window.newer_than)):
        return draw(context)
    key = composer.initial["idempotency_key"] if composer else fresh_key()
    return marks.shown_in(context, empty(context), number=session.pk if session else None, key=key)


def key_of(context: Context) -> tuple[object, ...]:
    """All that it shows beside what there are marks for."""
    has_session = bool(context.get("session"))
    return get_language(), get_script_prefix(), has_session, context["request"].user.pk, tuple(registered())


@cached(_kept, key=key_of, lock=Lock())
def empty(context: Context) -> SafeString:
    """Of a session it may show the number, and nothing else."""
    with context.push(
        session=ChatSession(pk=marks.NUMBER) if context.get("session") else None,
        composer=MessageForm(initial={"idempotency_key": marks.FRESH_KEY}),
        csrf_token=marks.CSRF_TOKEN,
    ):
        return draw(context)


def draw(context: Context) -> SafeString:
    html: SafeString = context.template.engine.get_template(TEMPLATE).render(context)  # type: ignore[union-attr]
    return html
