from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gemini import encryption, rendering
from gemini.exceptions import MESSAGES
from gemini.querysets import ChatMessageQuerySet, ChatSessionQuerySet, GeminiCallQuerySet

KEY_ERRORS = ("api_key_missing", "api_key_invalid")


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

    objects = ChatSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("сессия чата")
        verbose_name_plural = _("сессии чата")
        ordering = ("-updated_at", "-id")
        indexes = (models.Index(fields=["user", "-updated_at", "-id"], name="session_of_user_newest"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gemini:chat", args=[self.pk])

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
    # A generating row belongs to the process that renews its lease; past it, the reply counts as interrupted.
    lease_owner = models.CharField(max_length=64, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("сообщение чата")
        verbose_name_plural = _("сообщения чата")
        ordering = ("id",)
        indexes = (
            models.Index(fields=["session", "id"], condition=models.Q(shown=True), name="message_shown_in_session"),
            models.Index(fields=["lease_until"], condition=models.Q(status="generating"), name="message_leased"),
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
        return self.lease_until is not None and self.lease_until > timezone.now()

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
    def needs_key(self) -> bool:
        return self.error_code in KEY_ERRORS

    @property
    def explanation(self) -> str:
        """Why the reply is not whole, in words; empty when it is."""
        if self.state == self.Status.FAILED:
            return str(MESSAGES.get(self.error_code, MESSAGES["upstream_error"]))
        if self.state == self.Status.INTERRUPTED:
            return str(_("Ответ прерван: сервер остановился раньше, чем он был готов."))
        if self.state == self.Status.STOPPED:
            return str(_("Ответ остановлен."))
        return {
            "MAX_TOKENS": str(_("Ответ достиг предела длины.")),
            "SAFETY": str(_("Ответ оборван фильтром безопасности Gemini.")),
            "RECITATION": str(_("Ответ оборван: он повторял чужой текст.")),
        }.get(self.metadata.get("finish_reason", ""), "")

    @property
    def model_name(self) -> str:
        return str(self.metadata.get("model", ""))

    @cached_property
    def html(self) -> SafeString:
        """The content as safe HTML; costs a Markdown rendering."""
        return rendering.render(self.content)


class GeminiSettings(models.Model):
    """What one user tells us about Gemini. The key is kept encrypted; only its last four characters ever come back."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gemini_settings")
    encrypted_key = models.TextField(blank=True, editable=False)
    key_tail = models.CharField(max_length=4, blank=True, editable=False)
    model = models.CharField(_("модель"), max_length=100, blank=True)
    temperature = models.FloatField(_("температура"), null=True, blank=True)
    max_output_tokens = models.PositiveIntegerField(_("длина ответа, токенов"), null=True, blank=True)
    system_instruction = models.TextField(_("системная инструкция"), blank=True, max_length=8000)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("настройки Gemini")
        verbose_name_plural = _("настройки Gemini")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def api_key(self) -> str:
        """The key in the clear, for a request to Gemini and nothing else; empty when there is none to be read."""
        return (encryption.decrypt(self.encrypted_key) or "") if self.encrypted_key else ""

    @api_key.setter
    def api_key(self, key: str) -> None:
        self.encrypted_key = encryption.encrypt(key) if key else ""
        # Of a short key even four characters would be too much of it.
        self.key_tail = key[-4:] if len(key) >= 12 else ""


class SentPrompt(models.Model):
    """An `Idempotency-Key` that was used: the same prompt sent twice is one message. Kept for 24 hours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The session, or "new" for the message that begins one.
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "scope", "key"], name="one_prompt_for_a_key"),)
        indexes = (models.Index(fields=["created_at"], name="sent_prompt_age"),)

    def __str__(self) -> str:
        return self.scope


class GeminiCall(models.Model):
    """One request to Gemini without its content: what was asked for is billed, also after the messages are gone."""

    class Purpose(models.TextChoices):
        REPLY = "reply", _("ответ")
        TITLE = "title", _("название")
        GENERATE = "generate", _("генерация")
        ANALYZE = "analyze", _("анализ")
        CHECK = "check", _("проверка ключа")

    class KeyOrigin(models.TextChoices):
        OWN = "own", _("свой ключ")
        SERVER = "server", _("ключ сервера")
        DEMO = "demo", _("демонстрационная модель")
        MISSING = "missing", _("без ключа")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gemini_calls")
    interface = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20, choices=Purpose)
    key_origin = models.CharField(max_length=10, choices=KeyOrigin)
    model = models.CharField(max_length=100)
    prompt_tokens = models.PositiveIntegerField(default=0)
    total_tokens = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)
    first_token_ms = models.PositiveIntegerField(null=True)
    # Empty for success, otherwise the error's word; "stopped" and "interrupted" are outcomes too.
    code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = GeminiCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос к Gemini")
        verbose_name_plural = _("запросы к Gemini")
        indexes = (models.Index(fields=["user", "created_at"], name="call_of_user_by_time"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.model}"
