"""`manage.py rotate_keys`: after it the old key opens nothing any more and is needed for nothing."""

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone

from gemini import encryption
from gemini.models import GeminiSettings
from google_oauth.models import GoogleCredential

pytestmark = pytest.mark.django_db

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def secrets(alice, settings):
    """A Gemini key and Google's tokens, kept under the old key."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    own = GeminiSettings(user=alice)
    own.api_key = "a key of alice's"
    own.save()
    GoogleCredential.objects.create(
        user=alice,
        account=SocialAccount.objects.create(user=alice, provider="google", uid="1"),
        expires_at=timezone.now(),
        encrypted_access=encryption.encrypt("access"),
        encrypted_refresh=encryption.encrypt("refresh"),
    )
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]


def opened():
    credential = GoogleCredential.objects.get()
    return GeminiSettings.objects.get().api_key, credential.access, credential.refresh


def test_all_secrets_open_with_the_new_key_alone(secrets, settings, capsys):
    call_command("rotate_keys")
    assert "Перешифровано: 3. Не открылось ни одним ключом: 0." in capsys.readouterr().out
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert opened() == ("a key of alice's", "access", "refresh")
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert opened() == ("", "", "")


def test_while_both_keys_are_there_nothing_has_to_be_rotated(secrets):
    assert opened() == ("a key of alice's", "access", "refresh")


def test_what_no_key_opens_is_counted_and_left(secrets, settings, capsys):
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    before = GeminiSettings.objects.get().encrypted_key
    call_command("rotate_keys")
    assert "Перешифровано: 0. Не открылось ни одним ключом: 3." in capsys.readouterr().out
    assert GeminiSettings.objects.get().encrypted_key == before
