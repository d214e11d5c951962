"""Money and periods as people read them, in their language."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

NOTHING = "—"
NO_BREAK = "\N{NO-BREAK SPACE}"


def money(value: Decimal | None, currency: str = "BYN") -> str:
    if value is None:
        return NOTHING
    number = number_format(abs(value), 2, use_l10n=True, force_grouping=True).replace(" ", NO_BREAK)
    return f"{'−' if value < 0 else ''}{number}{NO_BREAK}{currency}"


def percent(value: Decimal | None, signed: bool = False) -> str:
    if value is None:
        return NOTHING
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{number_format(abs(value), 1, use_l10n=True)}{NO_BREAK}%"


def span_name(span: str) -> str:
    """`2026-11` or `2026` in words."""
    if len(span) == 4:
        return _("%(year)s год") % {"year": span}
    return date_format(date.fromisoformat(f"{span}-01"), "F Y")


def category_name(name: str) -> str:
    return name or _("Без категории")
