"""The end of a reply and its line in the ledger, written together."""

from django.db import IntegrityError, transaction

from gemini.models import GeminiCall
from gemini.prepared import insert
from gemini.replies import store
from gemini.usage import ledger


def write(message_id: int, owner: str, ending: store.Ending, call: GeminiCall | None) -> None:
    """Writes both in one transaction: two would wait for SQLite's lock twice, and every connection read its pages anew.

    `call` is None where what has been asked of Gemini is in the ledger already.
    """
    if call is None:
        store.finish(message_id, owner, ending)
        return
    try:
        with transaction.atomic():
            store.finish(message_id, owner, ending)
            insert(call)
    except IntegrityError:
        # The message, the chat or the account has gone meanwhile, which the ledger alone can bear.
        store.finish(message_id, owner, ending)
        ledger.record(call)
    else:
        ledger.count(call)
