"""Changes of a conversation that ask Gemini nothing: each one a short transaction that moves its session's time."""

from typing import Any

from django.db import transaction

from gemini.access import locked_message, locked_session
from gemini.exceptions import ReplyInProgress
from gemini.models import ChatMessage, ChatSession
from gemini.prompts import first_words

Role = ChatMessage.Role


def add(user: Any, session_id: int, role: str, content: str) -> ChatMessage:
    """Adds a message at the end. Raises `SessionNotFound`."""
    with transaction.atomic():
        session = locked_session(user, session_id)
        return append(session, role=role, content=content)


def change(user: Any, message_id: int, content: str) -> ChatMessage:
    """Raises `MessageNotFound`, and `ReplyInProgress` for the reply that is being written."""
    with transaction.atomic():
        message = resting_message(user, message_id)
        message.content = content
        message.save(update_fields=["content"])
        touch(message.session)
        return message


def add_exchange(user: Any, session_id: int | None, prompt: str, prompt_tokens: int, **reply: Any) -> ChatMessage:
    """Adds a prompt with its finished answer, which is returned; without a session in a new one, named by the prompt.

    Raises `SessionNotFound`.
    """
    with transaction.atomic():
        if session_id is not None:
            session = locked_session(user, session_id)
        else:
            origin = ChatSession.TitleOrigin.PROMPT
            session = ChatSession.objects.create(user=user, title=first_words(prompt), title_origin=origin)
        append(session, role=Role.USER, content=prompt, tokens_used=prompt_tokens)
        return append(session, role=Role.ASSISTANT, **reply)


def append(session: ChatSession, **fields: Any) -> ChatMessage:
    message = session.messages.create(parent=session.messages.on_path().last(), **fields)
    touch(session)
    return message


def touch(session: ChatSession) -> None:
    session.save(update_fields=["updated_at"])


def resting_message(user: Any, message_id: int) -> ChatMessage:
    message = locked_message(user, message_id)
    if message.is_generating:
        raise ReplyInProgress
    return message
