"""The same prompt sent twice under one `Idempotency-Key` is one prompt, for 24 hours."""

import hashlib
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gemini.exceptions import IdempotencyMismatch
from gemini.models import SentPrompt
from gemini.prepared import Prepared, insert

KEPT = timedelta(hours=24)

# What a key counts within, beside its user.
NEW_SESSION = "new"
ONE_SHOT = "one-shot"

sent_with = Prepared(
    lambda user, scope, key: SentPrompt.objects.filter(user=user, scope=scope, key=key).select_related(
        "message__session"
    ),
    int,
    str,
    str,
)


def scope_of(session_id: int | None) -> str:
    return NEW_SESSION if session_id is None else f"session {session_id}"


def recall(user: Any, scope: str, key: str, content: str) -> SentPrompt | None:
    """What was sent with this key; raises `IdempotencyMismatch` when that was something else."""
    if not key:
        return None
    sent = sent_with.first(user.pk, scope, digest(key))
    if sent and sent.created_at <= timezone.now() - KEPT:
        sent.delete()
        return None
    if sent and sent.fingerprint != digest(content):
        raise IdempotencyMismatch
    return sent


def remember(user: Any, scope: str, key: str, content: str, **outcome: Any) -> None:
    """To be called in the transaction that stores the outcome; of two such transactions the second fails."""
    if key:
        sent = SentPrompt(user_id=user.pk, scope=scope, key=digest(key), fingerprint=digest(content), **outcome)
        insert(sent)


def forget_old() -> None:
    SentPrompt.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
