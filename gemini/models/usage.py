from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gemini.models.conversations import ChatMessage
from gemini.querysets import GeminiCallQuerySet


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
    # The reply that it made, as long as there is one.
    message = models.ForeignKey(ChatMessage, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")

    objects = GeminiCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос к Gemini")
        verbose_name_plural = _("запросы к Gemini")
        indexes = (models.Index(fields=["user", "created_at"], name="call_of_user_by_time"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.model}"


class ModelPrice(models.Model):
    """What the operator says a model costs. Gemini bills in US dollars for a million tokens."""

    model = models.CharField(
        _("модель"), max_length=100, unique=True, help_text=_("Имя модели или его начало: действует самое длинное.")
    )
    input_price = models.DecimalField(_("вход, USD за 1 млн токенов"), max_digits=10, decimal_places=4)
    output_price = models.DecimalField(_("выход, USD за 1 млн токенов"), max_digits=10, decimal_places=4)

    class Meta:
        verbose_name = _("цена модели")
        verbose_name_plural = _("цены моделей")
        ordering = ("model",)

    def __str__(self) -> str:
        return self.model
