from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gemini import encryption
from gemini.querysets import PromptTemplateQuerySet


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


class PromptTemplate(models.Model):
    """A prompt that a user keeps for use again; `{names}` in it are filled in when it is used."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="gemini_prompts")
    name = models.CharField(_("название"), max_length=60)
    text = models.TextField(_("текст"), max_length=8000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromptTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("заготовка")
        verbose_name_plural = _("заготовки")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="one_prompt_of_a_name"),)

    def __str__(self) -> str:
        return self.name
