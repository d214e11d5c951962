"""Amounts, dates and currencies as people and banks write them. What is not certain is `Unreadable`, never a guess."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from finance.exceptions import Unreadable

# Below it SQLite, which keeps sums as floating point, keeps kopecks exactly, and adds them up so.
TOO_MUCH = Decimal(10) ** 12
CENT = Decimal("0.01")
EARLIEST, LATEST = 1990, 2100
MONEY_SIGN = r"(?:₽|€|\$|£|₸|₴|zł|руб\.?|р\.|бел\. ?руб\.?|Br|[A-Z]{3})"
BESIDE = re.compile(rf"^{MONEY_SIGN}\s*|\s*{MONEY_SIGN}$", re.IGNORECASE)
# By the sign before kopecks: a plain number, or one with the other sign between its thousands.
NUMBERS = {
    ",": re.compile(r"\d+(,\d+)?|[1-9]\d{0,2}(\.\d{3})+(,\d+)?"),
    ".": re.compile(r"\d+(\.\d+)?|[1-9]\d{0,2}(,\d{3})+(\.\d+)?"),
}
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T,]+\d{1,2}:\d{2}.*)?")
YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[ T,]+\d{1,2}:\d{2}.*)?")
MONTH = re.compile(r"(\d{1,2})[./-](\d{4})|(\d{4})[./-](\d{1,2})")
LONG_NUMBER = re.compile(r"\d[\d*• ]{10,}\d")

# Other words for a currency: old codes, numbers of ISO 4217, signs.
ALIASES = {
    "RUR": "RUB",
    "810": "RUB",
    "643": "RUB",
    "₽": "RUB",
    "РУБ": "RUB",
    "РУБ.": "RUB",
    "РОССИЙСКИЙ РУБЛЬ": "RUB",
    "933": "BYN",
    "BR": "BYN",
    "БЕЛ. РУБ.": "BYN",
    "БЕЛОРУССКИЙ РУБЛЬ": "BYN",
    "840": "USD",
    "$": "USD",
    "978": "EUR",
    "€": "EUR",
    "985": "PLN",
    "ZŁ": "PLN",
    "156": "CNY",
    "398": "KZT",
    "₸": "KZT",
    "980": "UAH",
    "₴": "UAH",
    "826": "GBP",
    "£": "GBP",
}


def amount(text: str, decimal_sign: str = "") -> Decimal:
    """A sum with at most two digits after the point; `decimal_sign` where the bank's own is known."""
    shown = {"text": text.strip()[:40]}
    # NFKC makes spaces of no-break spaces, which stand between thousands.
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").strip()
    in_brackets = plain.startswith("(") and plain.endswith(")")
    plain = BESIDE.sub("", plain[1:-1] if in_brackets else plain).strip()
    negative = in_brackets or plain.startswith("-")
    plain = re.sub(r"(?<=\d)[ '’](?=\d)", "", re.sub(r"^[+-] ?", "", plain))
    readings = {reading(plain, sign) for sign in decimal_sign or NUMBERS} - {None}
    if len(readings) > 1:
        # One and a half to some, fifteen hundred to others.
        raise Unreadable(_("неясно, где в сумме копейки: «%(text)s»") % shown)
    value = readings.pop() if readings else None
    if value is None:
        raise Unreadable(_("сумма не читается: «%(text)s»") % shown)
    if value >= TOO_MUCH:
        raise Unreadable(_("сумма слишком велика: «%(text)s»") % shown)
    if value != (rounded := value.quantize(CENT)):
        raise Unreadable(_("в сумме больше двух знаков после запятой: «%(text)s»") % shown)
    return -rounded if negative and rounded else rounded


def reading(plain: str, decimal_sign: str) -> Decimal | None:
    """The number, if it can be one with this sign before its kopecks."""
    if not plain.isascii() or not NUMBERS[decimal_sign].fullmatch(plain):
        return None
    other = "," if decimal_sign == "." else "."
    return Decimal(plain.replace(other, "").replace(decimal_sign, "."))


def day(text: str) -> date:
    """The date as it is printed: whatever time zone it is of, people look for it under this day."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := YEAR_FIRST.fullmatch(plain):
        year, month, number = map(int, found.groups())
    elif found := DAY_FIRST.fullmatch(plain):
        number, month, year = map(int, found.groups())
        year += 2000 if year < 100 else 0
    else:
        raise Unreadable(_("дата не читается: «%(text)s»") % {"text": text.strip()[:40]})
    try:
        read = date(year, month, number)
    except ValueError:
        raise Unreadable(_("такого дня нет: «%(text)s»") % {"text": text.strip()[:40]}) from None
    if not EARLIEST <= read.year <= LATEST:
        raise Unreadable(_("дата вне разумных пределов: «%(text)s»") % {"text": text.strip()[:40]})
    return read


def month(text: str) -> date:
    """A month, or any day in it, as its first day."""
    if found := MONTH.fullmatch(text.strip()):
        number, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return day(f"01.{number}.{year}")
    return day(text).replace(day=1)


def currency(text: str, default: str = "") -> str:
    plain = unicodedata.normalize("NFKC", text).strip().upper() or default
    code = ALIASES.get(plain, plain)
    if not re.fullmatch("[A-Z]{3}", code):
        raise Unreadable(_("валюта не читается: «%(text)s»") % {"text": text.strip()[:40]})
    return code


def words(text: str, limit: int) -> str:
    """Text for people in one line, without what no database keeps; whole card and account numbers stay in the file."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    plain = LONG_NUMBER.sub(lambda found: "…" + re.sub(r"\D", "", found[0])[-4:], plain)
    return " ".join(plain.split())[:limit]


def yes(text: str) -> bool:
    plain = text.strip().casefold()
    if plain in ("да", "yes", "true", "1", "+"):
        return True
    if plain in ("", "нет", "no", "false", "0", "-"):
        return False
    raise Unreadable(_("ожидается «да» или «нет»: «%(text)s»") % {"text": text.strip()[:40]})
