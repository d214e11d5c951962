"""Who asked for what is somebody else's: a line of the log, by which such attempts are told from plain mistakes.

The caller is answered as for an absent object, in the same words and after the same queries.
"""

import logging
from typing import Any

from django.db.models import QuerySet

logger = logging.getLogger(__name__)


def note(user: Any, others: QuerySet[Any]) -> None:
    """Called once something was not found for the user: `others` is the same among what is not theirs. One query."""
    for pk in others.values_list("pk", flat=True):
        facts = {"object": others.model._meta.model_name, "object_id": pk, "user_id": user.pk}
        logger.warning("%(object)s %(object_id)s is another's, and was refused to user %(user_id)s", facts, extra=facts)
