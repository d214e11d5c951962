from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gemini import conf, rendering
from gemini.addresses import address
from gemini.exceptions import MESSAGES, EngineError, GeminiError
from gemini.querysets import ChatMessageQuerySet, ChatSessionQuerySet, leased_until
from gemini.sources.showing import ShownBlock, ShownSource, shown, shown_block
from gemini.variants import Variants

KEY_ERRORS = ("api_key_missing", "api_key_invalid")

# How an answer ends that is whole; what the other reasons mean: https://ai.google.dev/api/generate-content#FinishReason
PLAIN_END = "STOP"
FINISH_REASONS = {
    "MAX_TOKENS": _("Ответ достиг предела длины."),
    "SAFETY": _("Ответ оборван фильтром безопасности Gemini."),
    "RECITATION": _("Ответ оборван: он повторял чужой текст."),
    "LANGUAGE": _("Ответ оборван: этого языка Gemini не знает."),
    "BLOCKLIST": _("Ответ оборван: в нём было запрещённое слово."),
    "PROHIBITED_CONTENT": _("Ответ оборван фильтром безопасности Gemini."),
    "SPII": _("Ответ оборван: в нём были личные данные."),
}


def another_day(earlier: "ChatMessage | None", message: "ChatMessage") -> bool:
    """A conversation of today needs no date at its beginning."""
    day = timezone.localdate(message.timestamp)
    return day != (timezone.localdate(earlier.timestamp) if earlier else timezone.localdate())


class ChatSession(models.Model):
    class TitleOrigin(models.TextChoices):
        PROMPT = "prompt", _("начало первого сообщения")
        MODEL = "model", _("придумано моделью")
        HAND = "hand", _("дано вручную")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="gemini_chat_sessions",
        verbose_name=_("пользователь"),
    )
    title = models.CharField(_("название"), max_length=200)
    # Who named the session: the model may replace what came from the prompt, nobody what came by hand.
    title_origin = models.CharField(max_length=10, choices=TitleOrigin, default=TitleOrigin.HAND, editable=False)
    created_at = models.DateTimeField(_("создана"), auto_now_add=True)
    updated_at = models.DateTimeField(_("обновлена"), auto_now=True)
    is_active = models.BooleanField(_("активна"), default=True)

    pinned_at = models.DateTimeField(_("закреплена"), null=True, blank=True)
    # In the trash since then; after `conf.TRASH_DAYS` it is purged.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What differs in this session from the user's own settings; empty: nothing.
    model = models.CharField(_("модель"), max_length=100, blank=True)
    temperature = models.FloatField(_("температура"), null=True, blank=True)
    max_output_tokens = models.PositiveIntegerField(_("длина ответа, токенов"), null=True, blank=True)
    system_instruction = models.TextField(_("системная инструкция"), blank=True, max_length=8000)

    objects = ChatSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("сессия чата")
        verbose_name_plural = _("сессии чата")
        ordering = ("-updated_at", "-id")
        indexes = (
            models.Index(fields=["user", "-updated_at", "-id"], name="session_of_user_newest"),
            models.Index(fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="session_in_trash"),
            models.Index(
                fields=["user", "-pinned_at"],
                condition=models.Q(pinned_at__isnull=False),
                name="session_pinned_of_user",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("gemini:chat", self.pk)

    @property
    def has_own_settings(self) -> bool:
        return bool(self.model or self.temperature is not None or self.max_output_tokens or self.system_instruction)

    # Lists set these two for all their rows at once: `with_messages_count`, `give_last_messages`.

    @cached_property
    def messages_count(self) -> int:
        return self.messages.visible().count()

    @cached_property
    def last_message(self) -> "ChatMessage | None":
        return self.messages.visible().excerpts().last()

    @property
    def title_pending(self) -> bool:
        """The prompt's first words stand in for a title that the model has not made yet."""
        return self.title_origin == self.TitleOrigin.PROMPT


class ChatMessage(models.Model):
    class Role(models.TextChoices):
        USER = "user", _("Пользователь")
        ASSISTANT = "assistant", _("Ассистент")
        SYSTEM = "system", _("Система")

    class Status(models.TextChoices):
        DONE = "done", _("готово")
        GENERATING = "generating", _("пишется")
        STOPPED = "stopped", _("остановлено")
        FAILED = "failed", _("не удалось")
        INTERRUPTED = "interrupted", _("прервано")

    session = models.ForeignKey(
        ChatSession, on_delete=models.CASCADE, related_name="messages", verbose_name=_("сессия чата")
    )
    role = models.CharField(_("роль"), max_length=20, choices=Role)
    content = models.TextField(_("содержимое"), blank=True)
    timestamp = models.DateTimeField(_("время"), auto_now_add=True)
    tokens_used = models.IntegerField(_("токены"), null=True, blank=True)
    response_time = models.FloatField(_("время ответа, с"), null=True, blank=True)

    status = models.CharField(_("состояние"), max_length=12, choices=Status, default=Status.DONE)
    error_code = models.CharField(_("код ошибки"), max_length=40, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    # What it answers or continues: a retry, an edit and a regeneration add a row beside their sibling.
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")
    # The path through the siblings that the reader sees; along it ids only grow.
    shown = models.BooleanField(default=True)
    # Deleted, and to be had back for `conf.TRASH_DAYS`; what was deleted by one act has the same moment.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A generating row belongs to the process that renews its lease; past it, the reply counts as interrupted.
    lease_owner = models.CharField(max_length=64, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    # What is being looked up for it at this moment, as HTML; only its process knows.
    activity = SafeString("")

    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("сообщение чата")
        verbose_name_plural = _("сообщения чата")
        ordering = ("id",)
        indexes = (
            models.Index(fields=["session", "id"], condition=models.Q(shown=True), name="message_shown_in_session"),
            models.Index(fields=["lease_until"], condition=models.Q(status="generating"), name="message_leased"),
            models.Index(fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="message_in_trash"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(status="generating"), name="one_live_reply_in_session"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.content[:50]}"

    @property
    def state(self) -> str:
        """The status, except that a reply whose process stopped renewing its lease is already interrupted."""
        if self.status == self.Status.GENERATING and not self.is_leased:
            return self.Status.INTERRUPTED
        return self.status

    @property
    def is_leased(self) -> bool:
        if self.lease_until is None:
            return False
        earliest, latest = leased_until()
        return earliest < self.lease_until <= latest

    @property
    def is_generating(self) -> bool:
        return self.state == self.Status.GENERATING

    @property
    def can_retry(self) -> bool:
        return self.role == self.Role.ASSISTANT and self.state in (
            self.Status.FAILED,
            self.Status.INTERRUPTED,
            self.Status.STOPPED,
        )

    @property
    def question(self) -> "ChatMessage | None":
        """What a reply answers and can be asked again, if that is still there; costs a query for its row."""
        asked = self.parent if self.role == self.Role.ASSISTANT else None
        return asked if asked and asked.role == self.Role.USER and asked.deleted_at is None else None

    @property
    def can_continue(self) -> bool:
        """Whether it is an answer that was cut off after some words, for another reason than what they say."""
        is_cut = (self.can_retry and self.error_code != "prompt_blocked") or (
            self.state == self.Status.DONE and self.metadata.get("finish_reason") == "MAX_TOKENS"
        )
        return is_cut and self.role == self.Role.ASSISTANT and 0 < len(self.content) < conf.MAX_ANSWER_LENGTH

    @property
    def needs_key(self) -> bool:
        return self.error_code in KEY_ERRORS

    @property
    def retry_at(self) -> datetime | None:
        """When Gemini will take the request again, as it said; None when it did not, or when that time has come."""
        wait = self.metadata.get("retry_after")
        if self.state != self.Status.FAILED or wait is None:
            return None
        moment = self.timestamp + timedelta(seconds=wait + (self.response_time or 0))
        return moment if moment > timezone.now() else None

    @property
    def explanation(self) -> str:
        """Why the reply is not whole, in words; empty when it is."""
        if self.state == self.Status.FAILED:
            return str(MESSAGES.get(self.error_code, MESSAGES["upstream_error"]))
        if self.state == self.Status.INTERRUPTED:
            return str(MESSAGES["interrupted"])
        if self.state == self.Status.STOPPED:
            return str(_("Ответ остановлен."))
        reason = str(self.metadata.get("finish_reason") or PLAIN_END)
        if reason == PLAIN_END or self.role != self.Role.ASSISTANT:
            return ""
        return str(FINISH_REASONS.get(reason, _("Gemini закончил ответ раньше (%(reason)s).") % {"reason": reason}))

    @property
    def failure(self) -> GeminiError | None:
        """What a caller who waited for this reply is told; None when there is an answer, be it a stopped one."""
        if self.state == self.Status.INTERRUPTED:
            return EngineError("interrupted")
        if self.state == self.Status.FAILED:
            return EngineError(self.error_code, retry_after=self.metadata.get("retry_after"))
        return None

    @property
    def sources(self) -> list[ShownSource]:
        """What was asked of sources for this reply, and what they gave, ready to be shown."""
        return [shown(record) for record in self.metadata.get("sources", [])]

    @property
    def attached(self) -> list[ShownBlock]:
        """What the user has attached to this message by hand."""
        return [shown_block(block) for block in self.metadata.get("context", [])]

    @property
    def model_name(self) -> str:
        return str(self.metadata.get("model", ""))

    # The arrow between variants by which a reader has just come to this one: "previous" or "next".
    turned = ""

    # Pages set these two for all their messages at once.

    @cached_property
    def variants(self) -> Variants:
        """What stands in its place, of which it is one."""
        type(self).objects.all().give_variants([self])
        variants: Variants = self.__dict__["variants"]
        return variants

    @cached_property
    def begins_day(self) -> bool:
        """Whether a reader of the conversation comes to another day with it."""
        # A message that was just made has what it hangs on at hand: no query.
        parent = self.parent if self._meta.get_field("parent").is_cached(self) else None  # type: ignore[union-attr]
        if parent and parent.shown and parent.deleted_at is None:
            return another_day(parent, self)
        rows = type(self).objects.filter(session=self.session_id).only("timestamp")
        earlier = rows.shown().page_before(self.pk, 1)
        return another_day(earlier[0] if earlier else None, self)

    @cached_property
    def html(self) -> SafeString:
        """The content as safe HTML; costs a Markdown rendering the first time."""
        return rendering.kept(self.content)
