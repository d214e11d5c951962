"""What was deleted waits in the trash for `conf.TRASH_DAYS` days: hidden by a moment, brought back by taking it away.

All that one act deletes has the same moment, so that the act can be undone by naming it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gemini import strangers
from gemini.access import locked_session
from gemini.conf import TRASH_DAYS
from gemini.exceptions import ReplyInProgress, SessionNotFound
from gemini.history import resting_message, touch
from gemini.models import ChatMessage, ChatSession, GeminiCall, GeminiSettings, PromptTemplate, SentPrompt

# Rows deleted for good in one transaction.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Deletion:
    """One act: when it was, which undoes it, and how many things it deleted."""

    moment: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Restored:
    sessions: list[ChatSession] = field(default_factory=list)
    messages: list[ChatMessage] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.sessions or self.messages)


def delete_sessions(user: Any, session_ids: Iterable[int]) -> tuple[Deletion, list[int]]:
    """Deletes those that are the user's; also returns their ids. Whoever still writes there has to be told."""
    with transaction.atomic():
        sessions = ChatSession.objects.for_user(user).select_for_update().filter(pk__in=session_ids)
        found = list(sessions.values_list("pk", flat=True))
        moment = timezone.now()
        ChatSession.objects.filter(pk__in=found).update(deleted_at=moment)
        forget_prompts(ChatMessage.objects.filter(session__in=found))
    return Deletion(moment, len(found)), found


def delete_message(user: Any, message_id: int) -> Deletion:
    """Raises `MessageNotFound`, and `ReplyInProgress` for the reply that is being written."""
    with transaction.atomic():
        message = resting_message(user, message_id)
        return delete_messages(message.session, ChatMessage.objects.filter(pk=message.pk))


def clear(user: Any, session_id: int) -> Deletion:
    """Deletes all messages of a session. Raises `SessionNotFound` and `ReplyInProgress`."""
    with transaction.atomic():
        session = locked_session(user, session_id)
        if session.messages.leased().exists():
            raise ReplyInProgress
        return delete_messages(session, session.messages.filter(deleted_at=None))


def delete_messages(session: ChatSession, messages: Any) -> Deletion:
    moment = timezone.now()
    count = messages.visible().count()
    forget_prompts(messages)
    messages.update(deleted_at=moment)
    touch(session)
    return Deletion(moment, count)


def forget_prompts(messages: Any) -> None:
    """A prompt that is sent again after its deletion is a new one."""
    SentPrompt.objects.filter(message__in=messages).delete()


def restore_session(user: Any, session_id: int) -> ChatSession:
    """Raises `SessionNotFound` when it is not in the user's trash."""
    trashed = ChatSession.objects.in_trash_of(user)
    if not trashed.filter(pk=session_id).update(deleted_at=None):
        strangers.note(user, ChatSession.objects.exclude(user=user).filter(pk=session_id))
        raise SessionNotFound
    return ChatSession.objects.get(pk=session_id)


def restore(user: Any, moment: datetime) -> Restored:
    """Undoes what the user deleted at that moment: brings back exactly these sessions and messages."""
    with transaction.atomic():
        # All sessions before any message: whoever changes a conversation locks in that order.
        theirs = ChatMessage.objects.in_trash_of(user).filter(deleted_at=moment).values("session")
        concerned = ChatSession.objects.filter(Q(deleted_at=moment) | Q(pk__in=theirs), user=user)
        sessions = [one for one in concerned.select_for_update().order_by("pk") if one.deleted_at == moment]
        ChatSession.objects.filter(pk__in=[session.pk for session in sessions]).update(deleted_at=None)
        messages = list(ChatMessage.objects.in_trash_of(user).select_related("session").filter(deleted_at=moment))
        ChatMessage.objects.filter(pk__in=[message.pk for message in messages]).update(deleted_at=None)
        for message in messages:
            message.deleted_at = None
        for session in {message.session for message in messages}:
            touch(session)
    for restored in sessions:
        restored.deleted_at = None
    return Restored(sessions, messages)


def purge_session(user: Any, session_id: int) -> None:
    """Deletes a session of the trash for good."""
    if not for_good(ChatSession.objects.in_trash_of(user).filter(pk=session_id)):
        strangers.note(user, ChatSession.objects.exclude(user=user).filter(pk=session_id))


def purge_act(user: Any, moment: datetime) -> None:
    """Deletes for good what the user deleted at that moment."""
    for_good(ChatSession.objects.in_trash_of(user).filter(deleted_at=moment))
    for_good(ChatMessage.objects.in_trash_of(user).filter(deleted_at=moment))


def empty(user: Any) -> None:
    for_good(ChatSession.objects.in_trash_of(user))
    for_good(ChatMessage.objects.in_trash_of(user))


def purge_old(days: float = TRASH_DAYS) -> int:
    """Deletes for good what has been in anybody's trash for so many days; returns how many things that were."""
    until = timezone.now() - timedelta(days=days)
    return sum(for_good(model.objects.filter(deleted_at__lte=until)) for model in (ChatSession, ChatMessage))


def erase(user: Any) -> None:
    """Every row of a user's, in batches that let others write in between. The index of searches follows by itself."""
    SentPrompt.objects.filter(user=user).delete()
    GeminiCall.objects.filter(user=user).delete()
    for_good(ChatSession.objects.filter(user=user))
    PromptTemplate.objects.filter(user=user).delete()
    GeminiSettings.objects.filter(user=user).delete()


def for_good(rows: Any) -> int:
    """In short transactions: whoever writes meanwhile waits for one batch. What was billed stays in the ledger."""
    count = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            # Asked again inside: a restore may have been quicker.
            doomed = rows.filter(pk__in=batch)
            if rows.model is ChatMessage:
                rehang_children(doomed)
            doomed.delete()
        count += len(batch)
    return count


def rehang_children(doomed: Any) -> None:
    """What answers or continues a message that goes for good hangs on the last one before it that stays."""
    parents = dict(doomed.values_list("pk", "parent"))
    for pk, parent in (
        ChatMessage.objects.filter(parent__in=parents).exclude(pk__in=parents).values_list("pk", "parent")
    ):
        while parent in parents:
            parent = parents[parent]
        ChatMessage.objects.filter(pk=pk).update(parent=parent)
