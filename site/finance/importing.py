"""From a file to records: read, shown, and stored at one stroke when the user has said so."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from finance import statements
from finance.models import ImportBatch, Salary, Transaction
from finance.statements import Row, Statement
from finance.statements.values import words

# Imports of one user that wait to be confirmed: each may hold megabytes.
MOST_WAITING = 10
AT_ONCE = 500
# Of what a file says of single lines so much is kept: a file of another kind has something for every line.
MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class Outlook:
    """What storing an import would do now: rows that are new, and how many were imported before."""

    new: list[Row]
    known: int


def begin(user: Any, file_name: str, content: bytes) -> ImportBatch:
    """Reads a file into an import that waits for its user's word. Raises `UnreadableFile`."""
    statement = statements.read(content)
    batch = ImportBatch(user=user, file_name=words(file_name, 200) or "—", cells=statement.cells)
    keep(batch, statement)
    with transaction.atomic():
        batch.save()
        forget_waiting(user)
    return batch


def name_columns(batch: ImportBatch, columns: Mapping[str, int], *, currency: str, all_spent: bool) -> None:
    """Reads the cells of an unknown file again, by what its user says that its columns are."""
    cells = [(line, cells) for line, cells in batch.cells]
    keep(batch, statements.read_by_columns(cells, columns, currency=currency, all_spent=all_spent))
    batch.save()


def keep(batch: ImportBatch, statement: Statement) -> None:
    batch.layout, batch.kind = statement.layout, statement.kind
    batch.rows = [row.as_json() for row in statement.with_fingerprints().rows]
    batch.problems = [asdict(note) for note in statement.problems[:MOST_NOTES]]
    batch.left_out = [asdict(note) for note in statement.left_out[:MOST_NOTES]]


def forget_waiting(user: Any) -> None:
    ImportBatch.objects.forgotten().delete()
    waiting = ImportBatch.objects.for_user(user).filter(stored_at=None).order_by("-pk")
    ImportBatch.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[MOST_WAITING:])).delete()


def outlook(batch: ImportBatch) -> Outlook:
    rows = [Row.from_json(row) for row in batch.rows]
    known = records_of(batch).known(row.fingerprint for row in rows)
    return Outlook([row for row in rows if row.fingerprint not in known], len(known))


def store(batch: ImportBatch) -> ImportBatch:
    """Adds what is new, all of it or nothing; done twice, or for a file that came before, it adds nothing."""
    with transaction.atomic():
        # Two imports of one user meet here: of the same file in two tabs the second finds all rows known.
        get_user_model().objects.select_for_update().get(pk=batch.user_id)
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.stored_at:
            return batch
        found = outlook(batch)
        make = salary_of if batch.kind == ImportBatch.Kind.SALARIES else transaction_of
        records_of(batch).bulk_create([make(batch, row) for row in found.new], batch_size=AT_ONCE)
        batch.added, batch.known, batch.stored_at = len(found.new), found.known, timezone.now()
        batch.rows, batch.cells = [], []
        batch.save()
        return batch


def records_of(batch: ImportBatch) -> Any:
    model = Salary if batch.kind == ImportBatch.Kind.SALARIES else Transaction
    return model.objects.for_user(batch.user_id)


def transaction_of(batch: ImportBatch, row: Row) -> Transaction:
    columns = ("category", "counterparty", "description", "account", "is_transfer")
    return Transaction(**shared(batch, row, columns))


def salary_of(batch: ImportBatch, row: Row) -> Salary:
    return Salary(**shared(batch, row, ("period", "kind", "is_gross", "employer", "note")))


def shared(batch: ImportBatch, row: Row, columns: Iterable[str]) -> dict[str, Any]:
    names = ("date", "amount", "currency", "fingerprint", *columns)
    return {"user_id": batch.user_id, "batch": batch} | {name: getattr(row, name) for name in names}
