from django import template
from django.db.models import Model

from gemini.web.dom import dom_id as dom_id_of

register = template.Library()


@register.simple_tag
def dom_id(instance: Model, part: str = "") -> str:
    return dom_id_of(instance, part)
