"""A changed password shuts out at once whoever knew the old one; Django alone would do so with their next request."""

from typing import Any

from accounts import sessions
from gemini.service import GeminiService


def end_other_sessions(sender: Any, request: Any, user: Any, **_: Any) -> None:
    sessions.end_others(user, request.session.session_key)


def end_all_sessions(sender: Any, request: Any, user: Any, **_: Any) -> None:
    sessions.end_others(user, None)


def end_views(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Of the session that signs out, in other tabs as well."""
    if user is not None and request is not None and request.session.session_key:
        GeminiService(user).end_views([request.session.session_key])
