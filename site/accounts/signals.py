"""What begins and ends with a sign-in.

A changed password shuts out at once whoever knew the old one; Django alone would do so with their next request.
"""

from typing import Any

from accounts import sessions
from gemini.service import GeminiService


def end_other_sessions(sender: Any, request: Any, user: Any, **_: Any) -> None:
    sessions.end_others(user, request.session.session_key)


def end_all_sessions(sender: Any, request: Any, user: Any, **_: Any) -> None:
    sessions.end_others(user, None)


def begin_session(sender: Any, request: Any, **_: Any) -> None:
    # A key of the API is made without a request, and by who sees to this.
    if request is not None:
        request.session.sign_in()


def end_views(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Of the session that signs out, in other tabs as well."""
    if user is not None and request is not None and request.session.session_key:
        GeminiService(user).end_views([request.session.session_key])
