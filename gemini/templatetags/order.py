from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date

from gemini.conf import TRASH_DAYS
from gemini.web.undo import stamp, undo_of

register = template.Library()

register.filter("undo", undo_of)
register.filter("stamp", stamp)


@register.filter
def when(moment: datetime) -> str:
    """As much of a time as is needed to know it: the hour of today, the day of this year."""
    local, now = timezone.localtime(moment), timezone.localtime()
    if local.date() == now.date():
        return format_date(local, "H:i")
    return format_date(local, "j E" if local.year == now.year else "j E Y")


@register.filter
def days_left(moment: datetime) -> int:
    """Days until what was deleted then is purged, begun ones too; 0 on the last one."""
    return max(0, TRASH_DAYS - (timezone.now() - moment).days)
