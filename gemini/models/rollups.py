"""What statistics are read from. No code writes here: triggers of the database do, see `gemini.rollups`.

For the same reason no row here has a constraint: what it is about takes it along when it goes.
"""

from django.conf import settings
from django.db import models

from gemini.models.conversations import ChatMessage, ChatSession
from gemini.querysets import CallTotalsQuerySet


class SessionTotals(models.Model):
    """Of a session's shown messages with text. Sessions in the trash keep theirs: whoever adds up leaves them out."""

    session = models.OneToOneField(
        ChatSession, on_delete=models.DO_NOTHING, primary_key=True, related_name="totals", db_constraint=False
    )
    messages = models.PositiveIntegerField()
    # How many have a response time, and all of these: whole microseconds add up to the same in any order.
    timed = models.PositiveIntegerField()
    microseconds = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.pk)


class CountedPrompt(models.Model):
    """A shown message of the user's in a session that is not in the trash."""

    message = models.OneToOneField(
        ChatMessage, on_delete=models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    timestamp = models.DateTimeField()
    # Of the text without case and surrounding space: see `gemini.rollups.digests`.
    digest = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["user", "digest", "message"], name="prompts_of_one_text"),
            models.Index(fields=["user", "timestamp", "digest", "message"], name="prompts_by_time"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class PromptCount(models.Model):
    """How often a user has sent the same text; `last` is the newest of these messages."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    digest = models.BigIntegerField()
    count = models.PositiveIntegerField()
    last = models.ForeignKey(
        ChatMessage, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "digest"], name="one_count_of_a_prompt"),)
        indexes = (models.Index(fields=["user", "-count", "-last"], name="most_repeated_prompts"),)

    def __str__(self) -> str:
        return f"{self.digest}: {self.count}"


class CallTotals(models.Model):
    """A quarter of an hour of the ledger: days begin at a whole quarter in every time zone, so any day adds up."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    begins = models.DateTimeField()
    model = models.CharField(max_length=100)
    interface = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    key_origin = models.CharField(max_length=10)
    code = models.CharField(max_length=40)

    calls = models.PositiveIntegerField()
    prompt_tokens = models.BigIntegerField()
    # Google's total holds the prompt; a total that never came must not make the output negative.
    output_tokens = models.BigIntegerField()
    total_tokens = models.BigIntegerField()
    first_token_ms = models.BigIntegerField()
    first_tokens = models.PositiveIntegerField()
    # All of them, parted by commas, in no order: no sum of parts gives a percentile.
    durations_ms = models.TextField()

    objects = CallTotalsQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "begins", "model", "interface", "purpose", "key_origin", "code"],
                name="one_total_of_like_calls",
            ),
        )

    def __str__(self) -> str:
        return f"{self.begins}: {self.calls}"
