import pytest
from cryptography.fernet import Fernet

from gemini import encryption
from gemini.models import GeminiSettings
from tests.factories import give_key

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_a_key_is_stored_encrypted_and_comes_back_whole(alice):
    give_key(alice, "AIza-secret-key-0123")
    stored = GeminiSettings.objects.get(user=alice)
    assert "secret" not in stored.encrypted_key
    assert stored.api_key == "AIza-secret-key-0123"
    assert stored.key_tail == "0123"


def test_the_tail_of_a_short_key_is_not_kept(alice):
    assert give_key(alice, "short").key_tail == ""


def test_a_new_first_key_still_reads_what_the_old_one_wrote(settings, alice):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.FIELD_ENCRYPTION_KEYS = [old]
    token = encryption.encrypt("secret")
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    assert encryption.decrypt(token) == "secret"
    rotated = encryption.rotate(token)
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert encryption.decrypt(rotated) == "secret"


def test_a_key_that_nothing_opens_counts_as_none(settings, alice):
    row = give_key(alice, "AIza-secret-key-0123")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert row.api_key == ""
