"""Numbers as people read them, in their language."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import floor, log10

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NOTHING = "—"


def number(value: float | None) -> str:
    return NOTHING if value is None else number_format(value, force_grouping=True)


def seconds(value: float | None) -> str:
    """Two significant digits: `0,45 с`, `6,2 с`, `14 с`."""
    if value is None:
        return NOTHING
    places = min(max(1 - floor(log10(value)), 0), 2) if value > 0 else 0
    return _("%(seconds)s с") % {"seconds": number_format(round(value, places), places, force_grouping=True)}


def dollars(value: Decimal | None) -> str:
    """Cents, and of less than a dollar its hundredths of a cent; None: no price is known."""
    if value is None:
        return _("нет цены")
    places = 2 if value >= 1 or not value else 4
    if value and value < Decimal("0.0001"):
        return _("< %(amount)s $") % {"amount": number_format(Decimal("0.0001"), 4)}
    return _("%(amount)s $") % {"amount": number_format(round(value, places), places, force_grouping=True)}


def spent(cost: Decimal, unpriced: bool) -> str:
    """Money of which some part has no price is at least that much."""
    if not unpriced:
        return dollars(cost)
    return _("от %(amount)s") % {"amount": dollars(cost)} if cost else dollars(None)


def span_name(span: str) -> str:
    """`2026-11-24` or `2026-11` in words."""
    return written_span(span, get_language())


@lru_cache(maxsize=2048)
def written_span(span: str, language: str) -> str:
    """A page of usage names a hundred days. The language is what names the months."""
    if len(span) == 7:
        return date_format(date.fromisoformat(f"{span}-01"), "F Y")
    return date_format(date.fromisoformat(span), "j E Y")
