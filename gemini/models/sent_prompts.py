from django.conf import settings
from django.db import models

from gemini.models.conversations import ChatMessage


class SentPrompt(models.Model):
    """An `Idempotency-Key` that was used: the same prompt sent twice is one prompt. Kept for 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # What the key counts within: see `gemini.idempotency`.
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, null=True, related_name="+")
    # The whole answer of a one-shot call: it may have left no message to read it from.
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "scope", "key"], name="one_prompt_for_a_key"),)
        indexes = (models.Index(fields=["created_at"], name="sent_prompt_age"),)

    def __str__(self) -> str:
        return self.scope
