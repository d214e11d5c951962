import datetime
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self

# Characters, as the database's columns have them.
LENGTHS = {"category": 100, "counterparty": 200, "description": 500, "account": 100, "employer": 200, "note": 500}


@dataclass(frozen=True, slots=True)
class Row:
    """One movement of money, or one salary, as a file says it. `moment` is the date with what stood beside it."""

    line: int
    date: datetime.date
    amount: Decimal
    currency: str
    moment: str = ""
    category: str = ""
    counterparty: str = ""
    description: str = ""
    account: str = ""
    is_transfer: bool = False
    # Of a salary:
    period: datetime.date | None = None
    kind: str = ""
    is_gross: bool = False
    employer: str = ""
    note: str = ""
    fingerprint: str = ""

    @property
    def identity(self) -> str:
        """What must be the same for two rows to be one; what people change afterwards is not in it."""
        parts = (self.account, self.moment or str(self.date), self.amount, self.currency, self.description)
        return "\x1f".join(map(str, (*parts, self.counterparty, self.kind, self.is_gross, self.employer, self.note)))

    def as_json(self) -> dict[str, Any]:
        return {
            name: str(value) if isinstance(value, datetime.date | Decimal) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        days = {name: datetime.date.fromisoformat(stored[name]) for name in ("date", "period") if stored[name]}
        return cls(**{**stored, **days, "amount": Decimal(stored["amount"])})


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one line of the file: why it cannot be read, or why it is left out."""

    line: int
    words: str
    text: str = ""


@dataclass(slots=True)
class Statement:
    """What was read in a file. With `cells` its columns are unknown: a person has to name them."""

    layout: str
    kind: str = "transactions"
    rows: list[Row] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    left_out: list[Note] = field(default_factory=list)
    cells: list[tuple[int, list[str]]] = field(default_factory=list)

    def with_fingerprints(self) -> Self:
        """Equal rows of one file are all kept: the first, the second… The same file again gives the same prints."""
        seen: dict[str, int] = {}
        for number, row in enumerate(self.rows):
            ordinal = seen[row.identity] = seen.get(row.identity, 0) + 1
            print_ = sha256(f"{self.kind}\x1f{row.identity}\x1f{ordinal}".encode()).hexdigest()
            self.rows[number] = replace(row, fingerprint=print_)
        return self
