from django import template

from gemini.sources import ContextBlock, ContextSource, registered
from gemini.sources.showing import ShownBlock, shown_block
from gemini.web.attached import as_text

register = template.Library()


@register.simple_tag
def attachable() -> list[ContextSource]:
    """The sources that data can be attached from."""
    return list(registered().values())


@register.filter
def shown(block: ContextBlock) -> ShownBlock:
    return shown_block(block.as_json())


register.filter("as_text", as_text)
