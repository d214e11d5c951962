"""Rates and sums as people read them."""

from decimal import Decimal

from django.utils.formats import number_format

PLACES = 4


def rate_text(value: Decimal) -> str:
    """With four places, as the bank prints rates, or more where there are more."""
    places = max(PLACES, -int(value.normalize().as_tuple().exponent))
    return number_format(value, places, force_grouping=True)


def money(value: Decimal) -> str:
    return number_format(value, 2, force_grouping=True)


def exact(value: Decimal) -> str:
    """A sum as it was given, without the zeros at its end."""
    plain = value.normalize()
    return number_format(plain, max(0, -int(plain.as_tuple().exponent)), force_grouping=True)


def signed(value: Decimal, places: int) -> str:
    """With its sign, of which the minus is as wide as the plus."""
    rounded = round(value, places)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number_format(abs(rounded), places, force_grouping=True)
