from datetime import date, datetime
from functools import lru_cache

from django import template
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language

from gemini.addresses import address
from gemini.web import kept_composer, kept_messages
from gemini.web.days import spoken_day
from gemini.web.dom import dom_id as dom_id_of
from gemini.web.forms import fresh_key as new_key
from gemini.web.sidebar import mark_current

register = template.Library()
register.filter("day", spoken_day)
register.filter("with_current", mark_current)
register.simple_tag(kept_messages.drawn, takes_context=True)
register.simple_tag(kept_composer.drawn, takes_context=True, name="composer")


@register.simple_tag(takes_context=True)
def fresh_key(context: template.Context) -> str:
    """For an act that the page offers; in what is kept, what stands for one."""
    return str(context.get("key_to_come") or new_key())


@register.simple_tag
def session_url(session: Model) -> str:
    """What the addresses of all that is done with a session begin with: a list would reverse five for each row."""
    return address("gemini:session-delete", session.pk).removesuffix("delete/")


@register.simple_tag
def time_of_day(moment: datetime) -> SafeString:
    """A moment of a day that is known, whole for whoever asks the machine or points at it."""
    return written_time(localtime(moment), get_language())


@lru_cache(maxsize=4096)
def written_time(local: datetime, language: str) -> SafeString:
    """A page of a chat has a hundred. The language is what names the months."""
    whole = f"{written_day(local.date(), language)}, {local:%H:%M:%S}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), whole, f"{local:%H:%M}")


@lru_cache(maxsize=512)
def written_day(day: date, language: str) -> str:
    """Formatting a date takes 50 µs, and all of a page are mostly of a day or two."""
    return date_format(day, "j E Y")


@register.filter
def clock(moment: datetime) -> str:
    """A moment to wait for: to the second when that is today."""
    local = localtime(moment)
    return date_format(local, "H:i:s" if local.date() == localdate() else "j E, H:i")


@register.simple_tag
def dom_id(instance: Model, part: str = "") -> str:
    return dom_id_of(instance, part)
