from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoogleConfig(AppConfig):
    name = "google_oauth"
    verbose_name = _("Google: вход и календарь")

    def ready(self) -> None:
        from google_oauth import signals  # noqa: F401
