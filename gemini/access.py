"""Who may touch what: an owner gets the object; for anyone else it does not exist."""

from functools import cache
from typing import Any

from gemini import strangers
from gemini.exceptions import MessageNotFound, PromptNotFound, SessionNotFound
from gemini.models import ChatMessage, ChatSession, PromptTemplate
from gemini.prepared import Prepared

own_session = Prepared(lambda user, pk: ChatSession.objects.for_user(user).filter(pk=pk), int, int)
own_locked_session = Prepared(
    lambda user, pk: ChatSession.objects.for_user(user).select_for_update().filter(pk=pk), int, int
)


@cache
def own_message(*related: str) -> Prepared[ChatMessage]:
    return Prepared(
        lambda user, pk: ChatMessage.objects.for_user(user).select_related(*related).filter(pk=pk), int, int
    )


def session_for(user: Any, session_id: int) -> ChatSession:
    session = own_session.first(user.pk, session_id)
    if session is None:
        strangers.note(user, ChatSession.objects.exclude(user=user).filter(pk=session_id))
        raise SessionNotFound
    session.user = user
    return session


def locked_session(user: Any, session_id: int) -> ChatSession:
    """For use in a transaction, which no other that changes the session's conversation then overtakes."""
    session = own_locked_session.first(user.pk, session_id)
    if session is None:
        raise SessionNotFound
    return session


def message_for(user: Any, message_id: int, *related: str) -> ChatMessage:
    message = own_message("session", *related).first(user.pk, message_id)
    if message is None:
        strangers.note(user, ChatMessage.objects.exclude(session__user=user).filter(pk=message_id))
        raise MessageNotFound
    return message


def locked_message(user: Any, message_id: int) -> ChatMessage:
    """With its session, under whose lock it is read: another tab may have been quicker.

    Raises `MessageNotFound`. The session is locked before anything that is in it, or two could wait for each other.
    """
    session = locked_session(user, message_for(user, message_id).session_id)
    message = session.messages.existing().select_related("parent").filter(pk=message_id).first()
    if message is None:
        raise MessageNotFound
    message.session = session
    return message


def newest_reply_of(session: ChatSession) -> ChatMessage:
    reply = session.messages.shown().filter(role=ChatMessage.Role.ASSISTANT).select_related("session").last()
    if reply is None:
        raise MessageNotFound
    return reply


def prompt_for(user: Any, prompt_id: int) -> PromptTemplate:
    prompt = PromptTemplate.objects.for_user(user).filter(pk=prompt_id).first()
    if prompt is None:
        strangers.note(user, PromptTemplate.objects.exclude(user=user).filter(pk=prompt_id))
        raise PromptNotFound
    return prompt
