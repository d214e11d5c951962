"""What a vacancy, a search and what it found are, for every provider; as plain JSON they are cached and sent."""

import html
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlsplit

# Characters of a text from a vacancy that go to the model.
SHORT_TEXT = 300
LONG_TEXT = 6_000

_BREAKS = re.compile(r"<\s*(?:br|/p|/li|/h\d|/div|/tr)\b[^>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")


@dataclass(frozen=True, slots=True)
class Pay:
    """`low` and `high` are decimal texts, either may be empty; `tax` is "gross", "net" or "" when nobody says.

    `per` is what it is paid for: a month, an hour, a shift, … Amounts are comparable only where currency, tax and `per`
    are all the same.
    """

    low: str
    high: str
    currency: str
    tax: str
    per: str

    @property
    def kind(self) -> tuple[str, str, str]:
        return (self.currency, self.tax, self.per)


@dataclass(frozen=True, slots=True)
class Vacancy:
    id: str
    title: str
    employer: str
    area: str
    pay: Pay | None
    published: str
    url: str
    experience: str = ""
    formats: tuple[str, ...] = ()
    requirement: str = ""
    responsibility: str = ""
    # Only of a vacancy asked for alone.
    description: str = ""
    skills: tuple[str, ...] = ()
    archived: bool = False

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", (), None, False)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Vacancy":
        pay = Pay(**stored["pay"]) if stored.get("pay") else None
        lists = {name: tuple(stored.get(name, ())) for name in ("formats", "skills")}
        return cls(**{**stored, **lists, "pay": pay})


@dataclass(frozen=True, slots=True)
class Search:
    """`area` in words; `experience` and `work_format` by HH's words; pages count from 0."""

    text: str
    area: str = ""
    experience: str = ""
    work_format: str = ""
    salary_from: int = 0
    currency: str = ""
    only_with_salary: bool = False
    period_days: int = 0
    order_by: str = ""
    page: int = 0
    per_page: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    page: int
    pages: int
    items: tuple[Vacancy, ...]
    url: str = ""
    # The area as the provider understood it.
    area: str = ""
    # Seconds of age, when the provider does not answer and this is what it gave before.
    stale_since: str = ""
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"items": [item.as_json() for item in self.items]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Found":
        return cls(**{**stored, "items": tuple(Vacancy.from_json(item) for item in stored["items"])})


class Provider(Protocol):
    """Raises `SourceFailure`. `name` is for people; `emulated` whether a stand-in answers."""

    name: str

    @property
    def emulated(self) -> bool: ...

    async def search(self, search: Search) -> Found: ...

    async def vacancy(self, vacancy_id: str) -> tuple[Vacancy, str]:
        """The vacancy, and since when it is known, if it could not be asked for anew."""
        ...


def plain(markup: Any, limit: int = SHORT_TEXT) -> str:
    """Text from outside without its markup and not too long; paragraphs stay lines."""
    if not isinstance(markup, str):
        return ""
    # Long enough for any text of `limit` characters with its tags, and short enough to be cheap.
    text = _HIDDEN.sub(" ", markup[: limit * 8])
    text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text)))
    # What was escaped may have been markup, too.
    text = _TAGS.sub("", text)
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= limit else text[:limit].rstrip() + "…"


def amount(value: Any) -> str:
    """A sum as decimal text; empty for none, and for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 < value < 10**12:
        return ""
    return f"{Decimal(value).normalize():f}"


def link(value: Any, hosts: tuple[str, ...]) -> str:
    """An address, if it leads to the provider's own site; empty otherwise."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return ""
    if parts is None or parts.scheme != "https" or not parts.hostname:
        return ""
    own = any(parts.hostname == host or parts.hostname.endswith(f".{host}") for host in hosts)
    return value[:500] if own else ""
