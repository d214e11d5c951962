from datetime import datetime, timedelta
from functools import lru_cache

from django import template
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gemini.addresses import address
from gemini.web.dom import dom_id as dom_id_of
from gemini.web.forms import fresh_key as new_key

register = template.Library()


@register.simple_tag
def fresh_key() -> str:
    return new_key()


@register.simple_tag
def session_url(session: Model) -> str:
    """What the addresses of all that is done with a session begin with: a list would reverse five for each row."""
    return address("gemini:session-delete", session.pk).removesuffix("delete/")


@register.filter
def day(moment: datetime) -> str:
    """The day of a moment, as one speaks of it."""
    date, today = localdate(moment), localdate()
    if date == today:
        return _("Сегодня")
    if date == today - timedelta(days=1):
        return _("Вчера")
    return date_format(date, "j E" if date.year == today.year else "j E Y")


@register.simple_tag
def time_of_day(moment: datetime) -> SafeString:
    """A moment of a day that is known, whole for whoever asks the machine or points at it."""
    return written_time(localtime(moment), get_language())


@lru_cache(maxsize=4096)
def written_time(local: datetime, language: str) -> SafeString:
    """Formatting a date takes 50 µs, and a page of a chat has a hundred. The language is what names its months."""
    whole = date_format(local, "j E Y, H:i:s")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), whole, f"{local:%H:%M}")


@register.filter
def clock(moment: datetime) -> str:
    """A moment to wait for: to the second when that is today."""
    local = localtime(moment)
    return date_format(local, "H:i:s" if local.date() == localdate() else "j E, H:i")


@register.simple_tag
def dom_id(instance: Model, part: str = "") -> str:
    return dom_id_of(instance, part)
