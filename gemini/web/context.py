from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gemini import credentials


def answering_model(request: HttpRequest) -> dict[str, Any]:
    """Every page says who answers; a fragment that does not pays no query for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"answering_model": SimpleLazyObject(lambda: credentials.answering_model(user))}
