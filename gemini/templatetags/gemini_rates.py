from decimal import Decimal

from django import template

from gemini.web import rates_format

register = template.Library()
register.filter("rate", rates_format.rate_text)
register.filter("money", rates_format.money)
register.filter("exact", rates_format.exact)


@register.filter
def percent(value: Decimal) -> str:
    return f"{rates_format.signed(value, 2)} %"
