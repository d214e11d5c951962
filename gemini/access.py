"""Who may touch what: an owner gets the object; for anyone else it does not exist."""

from typing import Any

from gemini.exceptions import MessageNotFound, SessionNotFound
from gemini.models import ChatMessage, ChatSession


def session_for(user: Any, session_id: int) -> ChatSession:
    session = ChatSession.objects.for_user(user).filter(pk=session_id).first()
    if session is None:
        raise SessionNotFound
    return session


def message_for(user: Any, message_id: int) -> ChatMessage:
    message = ChatMessage.objects.for_user(user).select_related("session").filter(pk=message_id).first()
    if message is None:
        raise MessageNotFound
    return message
