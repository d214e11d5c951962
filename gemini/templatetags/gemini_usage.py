from typing import Any

from django import template

from gemini.usage import Tally, formats
from gemini.usage.names import name_of

register = template.Library()
register.filter("number", formats.number)
register.filter("seconds", formats.seconds)
register.filter("dollars", formats.dollars)
register.filter("span_name", formats.span_name)


@register.filter
def spent(tally: Tally) -> str:
    return formats.spent(tally.cost, bool(tally.unpriced))


@register.filter
def named(word: Any, kind: str) -> str:
    return name_of(kind, word)
