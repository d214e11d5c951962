from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeminiConfig(AppConfig):
    name = "gemini"
    verbose_name = _("Чат с Gemini")
