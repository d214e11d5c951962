"""What a password may not hold, beside what Django knows of: the words of this very site, which are tried first."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ForbiddenWords:
    """Of `PASSWORD_FORBIDDEN_WORDS`, however they are written and whatever is around them."""

    def validate(self, password: str, user: Any = None) -> None:
        written = folded(password)
        for word in settings.PASSWORD_FORBIDDEN_WORDS:
            if folded(word) in written:
                said = _("В пароле есть слово «%(word)s»: здесь его пробуют первым.")
                raise ValidationError(said, code="password_forbidden_word", params={"word": word})

    def get_help_text(self) -> str:
        return _("В пароле не должно быть названия сайта.")


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
