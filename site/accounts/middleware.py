import logging
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.db import Error, connection
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware

from accounts import sessions

logger = logging.getLogger(__name__)


@sync_and_async_middleware
def activity(get_response: Any) -> Any:
    """Writes down that a session was used, at most once in five minutes and after the answer has been made.

    It then ends later, too: `SESSION_IDLE_HOURS` counts from there, and so is exact to five minutes.
    """
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> Any:
            response = await get_response(request)
            if seen := seen_in(request):
                await sync_to_async(record)(request, response, **seen)
            return response

        return asynchronous

    def synchronous(request: HttpRequest) -> Any:
        response = get_response(request)
        if seen := seen_in(request):
            record(request, response, **seen)
        return response

    return synchronous


def record(request: HttpRequest, response: Any, session: Any, **seen: Any) -> None:
    try:
        sessions.record(request, session_key=session.session_key, **seen)
        session.put_off()
    except Error as error:
        # The answer is made: it is not lost for a note that can be made five minutes later.
        logger.warning("Not written down when a session was used: %s", error)
    if response.streaming and not connection.in_atomic_block:
        # Otherwise an open stream would hold a connection of the database to its end.
        connection.close()


def seen_in(request: HttpRequest) -> dict[str, Any]:
    """Who was here by which session, when that is worth a write. A request that asked for no user costs no query."""
    if caller := getattr(request, "caller", None):
        user, session, is_api = caller.user, caller.session, not caller.by_cookie
    else:
        user, session, is_api = getattr(request, "_cached_user", None), request.session, False
    key = session.session_key
    if user is None or not user.is_authenticated or not key or not sessions.is_news(key):
        return {}
    return {"user": user, "session": session, "is_api": is_api}
