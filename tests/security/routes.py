"""Every address of the site, as `tests/test_routes.py` walks them, the admin's included."""

from django.urls import get_resolver

from tests.test_routes import PARAMETER, WORDS, routes


def addresses() -> list[str]:
    """With numbers that name nothing: what is looked at here is how an answer travels, not what is in it."""
    found = []
    for route in sorted(set(routes(get_resolver().url_patterns))):
        filled = PARAMETER.sub(lambda match: str(WORDS.get(match[1] or match[2], 999_999)), route)
        found.append("/" + filled.replace(".*$", "").replace("\\", ""))
    return found
