from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GeminiConfig(AppConfig):
    name = "gemini"
    verbose_name = _("Чат с Gemini")

    def ready(self) -> None:
        # Registers the lookups that searching uses, has the index and the rollups made after migrations, and adds to
        # `manage.py check`.
        from gemini import checks  # noqa: F401
        from gemini.rollups import digests, upkeep  # noqa: F401
        from gemini.search import index

        index.keeper.look_after()
        upkeep.keeper.look_after()
        post_migrate.connect(make_permissions, sender=self)


def make_permissions(**_kwargs: Any) -> None:
    """The right to read a message in the admin: made here and given to nobody, not even to superusers."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from gemini.admin import READ_MESSAGES
    from gemini.models import ChatMessage

    kind = ContentType.objects.get_for_model(ChatMessage)
    Permission.objects.get_or_create(
        content_type=kind, codename=READ_MESSAGES, defaults={"name": "Can read the text of messages"}
    )
