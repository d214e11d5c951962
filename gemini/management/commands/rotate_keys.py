from collections.abc import Iterator
from typing import Any

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.models import Model

from gemini import encryption

PREFIX = "encrypted_"


class Command(BaseCommand):
    help = "Encrypts all stored secrets with the first of FIELD_ENCRYPTION_KEYS; then the others can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        rotated = unreadable = 0
        for model, field in secret_fields():
            for pk, token in model._default_manager.exclude(**{field: ""}).values_list("pk", field).iterator():
                try:
                    new = encryption.rotate(token)
                except InvalidToken:
                    unreadable += 1
                    continue
                # Where its owner has changed it meanwhile, theirs is the newer one, and under the newest key already.
                rotated += model._default_manager.filter(pk=pk, **{field: token}).update(**{field: new})
        self.stdout.write(f"Перешифровано: {rotated}. Не открылось ни одним ключом: {unreadable}.")


def secret_fields() -> Iterator[tuple[type[Model], str]]:
    """By their names, so that an app of the site's adds its own without being known here."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name.startswith(PREFIX):
                yield model, field.name
