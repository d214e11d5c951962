"""Who may touch what: an owner gets the record; for anyone else it does not exist."""

from typing import Any, TypeVar

from django.db.models import Model

from finance.exceptions import RecordNotFound
from finance.models import ImportBatch, Salary, Transaction
from gemini import strangers

M = TypeVar("M", bound=Model)


def transaction_for(user: Any, pk: int) -> Transaction:
    return own(Transaction, user, pk)


def salary_for(user: Any, pk: int) -> Salary:
    return own(Salary, user, pk)


def batch_for(user: Any, pk: int) -> ImportBatch:
    return own(ImportBatch, user, pk)


def own(model: type[M], user: Any, pk: int) -> M:
    found = model._default_manager.filter(user=user, pk=pk).first()
    if found is None:
        strangers.note(user, model._default_manager.exclude(user=user).filter(pk=pk))
        raise RecordNotFound
    return found
