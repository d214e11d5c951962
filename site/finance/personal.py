from collections.abc import Iterator
from typing import Any

from finance.models import ImportBatch, Salary, Transaction
from gemini.personal_data import File, rows

RECORD = ("date", "amount", "currency", "created_at", "batch_id")
TRANSACTION = (*RECORD, "category", "counterparty", "description", "account", "is_transfer")
SALARY = (*RECORD, "period", "kind", "is_gross", "employer", "note")
IMPORT = ("id", "file_name", "kind", "created_at", "stored_at", "rows", "problems", "left_out", "cells")


def files(user: Any) -> Iterator[File]:
    yield "finance/transactions.json", rows(Transaction.objects.filter(user=user), *TRANSACTION)
    yield "finance/salaries.json", rows(Salary.objects.filter(user=user), *SALARY)
    yield "finance/imports.json", rows(ImportBatch.objects.filter(user=user), *IMPORT)
