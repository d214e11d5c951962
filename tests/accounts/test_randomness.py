import os
import random
import string
from collections import Counter

import pytest
from django.middleware import csrf

from accounts.randomness import random_string


@pytest.fixture
def questions(monkeypatch):
    """What the kernel is asked for."""
    asked = []

    def urandom(size):
        asked.append(size)
        return os.urandom(size)

    monkeypatch.setattr(random, "_urandom", urandom)
    return asked


@pytest.mark.parametrize("alphabet", ["ab", "0123456789", string.ascii_letters + string.digits])
def test_every_character_is_as_likely_at_every_place(alphabet):
    strings = [random_string(8, alphabet) for _ in range(4_000)]
    assert {len(one) for one in strings} == {8}
    expected = 4_000 / len(alphabet)
    for at in range(8):
        found = Counter(one[at] for one in strings)
        assert set(found) == set(alphabet)
        # Six standard deviations: one run in some millions.
        assert max(abs(number - expected) for number in found.values()) < 6 * expected**0.5


def test_a_tokens_mask_is_one_question_and_hides_the_same_secret(questions):
    secret = csrf._get_new_csrf_string()
    first, second = csrf._mask_cipher_secret(secret), csrf._mask_cipher_secret(secret)
    assert len(questions) == 3
    # 62 ** 32 is 191 bits.
    assert min(questions) * 8 >= 191
    assert first != second
    assert csrf._unmask_cipher_token(first) == csrf._unmask_cipher_token(second) == secret
