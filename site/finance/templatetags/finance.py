from decimal import Decimal

from django import template
from django.db.models import Model

from finance import formats

register = template.Library()
register.filter("money", formats.money)
register.filter("percent", formats.percent)
register.filter("span_name", formats.span_name)
register.filter("category_name", formats.category_name)

NOUNS = {"Transaction": "transaction", "Salary": "salary", "ImportBatch": "import"}


@register.filter
def change(value: Decimal | None) -> str:
    """A change in percent, with its sign."""
    return formats.percent(value, signed=True)


@register.simple_tag
def record_id(instance: Model, part: str = "") -> str:
    """The id of a record's element: `transaction-5`."""
    name = f"{NOUNS[type(instance).__name__]}-{instance.pk}"
    return f"{name}-{part}" if part else name
