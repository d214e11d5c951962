"""The end of an account: nothing that leads to the person stays, here or at Google.

What an operator may want to know afterwards is in the log: how many requests and tokens there were, and no name.
"""

import logging
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from accounts import sessions
from accounts.models import Invitation, User
from gemini.service import GeminiService

logger = logging.getLogger(__name__)


def is_last_operator(user: User) -> bool:
    """Whether a site with other people on it would be left without anybody to keep it."""
    others = User.objects.exclude(pk=user.pk)
    return user.is_superuser and others.exists() and not others.filter(is_superuser=True, is_active=True).exists()


def erase(user: User) -> None:
    """Ends the user's sessions, streams and replies, then removes every row. Repeat it if it is cut short.

    Takes about a second for a thousand chats: each batch is a transaction of its own, and others write in between.
    """
    # From here on nobody signs in, sends, or starts anything as this user.
    User.objects.filter(pk=user.pk).update(is_active=False)
    sessions.end_others(user, None)
    service = GeminiService(user)
    service.stop_all()
    used = user.gemini_calls.aggregate(calls=Count("pk"), tokens=Coalesce(Sum("total_tokens"), 0))
    service.erase_everything()
    # Otherwise it would count as unused, and let somebody in again.
    Invitation.objects.filter(used_by=user).delete()
    pk = user.pk
    # What other apps have goes along with it, and a credential is withdrawn at Google.
    user.delete()
    forget(pk)
    logger.info("Account %s was erased: %s requests, %s tokens", pk, used["calls"], used["tokens"])


def forget(pk: Any) -> None:
    cache.delete_many([f"google:events:{pk}"])
