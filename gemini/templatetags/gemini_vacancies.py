from datetime import date

from django import template

from gemini.usage.formats import span_name
from gemini.web.vacancy_results import pay_in_words

register = template.Library()
register.filter("pay", pay_in_words)


@register.filter
def day_of(published: str) -> str:
    """A day that a provider gave, in words; as it came when it is none."""
    try:
        date.fromisoformat(published)
    except ValueError:
        return published
    return span_name(published)
