"""The same prompt sent twice under one `Idempotency-Key` is one prompt, for 24 hours."""

import hashlib
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gemini.exceptions import IdempotencyMismatch
from gemini.models import SentPrompt

KEPT = timedelta(hours=24)

# What a key counts within, beside its user.
NEW_SESSION = "new"
ONE_SHOT = "one-shot"


def scope_of(session_id: int | None) -> str:
    return NEW_SESSION if session_id is None else f"session {session_id}"


def recall(user: Any, scope: str, key: str, content: str) -> SentPrompt | None:
    """What was sent with this key; raises `IdempotencyMismatch` when that was something else."""
    if not key:
        return None
    used = SentPrompt.objects.filter(user=user, scope=scope, key=digest(key))
    sent = used.filter(created_at__gt=timezone.now() - KEPT).select_related("message__session").first()
    if sent is None:
        used.delete()
    elif sent.fingerprint != digest(content):
        raise IdempotencyMismatch
    return sent


def remember(user: Any, scope: str, key: str, content: str, **outcome: Any) -> None:
    """To be called in the transaction that stores the outcome; of two such transactions the second fails."""
    if key:
        SentPrompt.objects.create(user=user, scope=scope, key=digest(key), fingerprint=digest(content), **outcome)


def forget_old() -> None:
    SentPrompt.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
