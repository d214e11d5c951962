"""Where each request to Gemini is written down, for whoever pays."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from gemini import metrics
from gemini.models import GeminiCall
from gemini.prepared import insert


def record(call: GeminiCall) -> None:
    """Adds to the ledger. Its message may be gone by now, perhaps with the whole chat: it was billed all the same."""
    try:
        with transaction.atomic():
            insert(call)
    except IntegrityError:
        call.pk = call.message_id = None
        # Nor is there anybody to bill, where the account itself was erased meanwhile.
        if get_user_model().objects.filter(pk=call.user_id).exists():
            insert(call)
    count(call)


def count(call: GeminiCall) -> None:
    """For the metrics, once it is in the ledger."""
    metrics.count_call(call.purpose, call.interface, call.prompt_tokens, call.total_tokens, call.code)
