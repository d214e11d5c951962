from datetime import date, timedelta

from django import template

from google_oauth import words
from google_oauth.events import Event

register = template.Library()

register.filter("title_of", words.title)
register.filter("person", words.attendee)
register.filter("day_name", words.day_name)
register.filter("meetings", words.meetings)


@register.filter
def duration(length: timedelta) -> str:
    return words.duration(length)


@register.filter
def hours_on(event: Event, day: date) -> str:
    return words.hours(event, day)


@register.filter
def kind_name(event: Event) -> str:
    return str(words.KINDS.get(event.kind, ""))


@register.filter
def own_response(event: Event) -> str:
    return str(words.OWN_RESPONSES.get(event.response, ""))
