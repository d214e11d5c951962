"""The row is the truth: every change of a reply's state, each in one short transaction without network inside."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from gemini.engines.base import Usage
from gemini.exceptions import IdempotencyMismatch, NotRetriable, ReplyInProgress, SessionNotFound
from gemini.models import ChatMessage, ChatSession, GeminiCall, SentPrompt
from gemini.prompts import first_words

Role, Status = ChatMessage.Role, ChatMessage.Status

LEASE = timedelta(seconds=10)
IDEMPOTENCY_KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A user's message and the reply to it; `repeated` when the same request had made them before."""

    session: ChatSession
    user_message: ChatMessage
    reply: ChatMessage
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How a reply ended, as it is written down. Times are in seconds."""

    status: str
    text: str
    error_code: str = ""
    usage: Usage = field(default_factory=Usage)
    response_time: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)


def begin(
    user: Any, session_id: int | None, text: str, *, owner: str, metadata: dict[str, Any], idempotency_key: str = ""
) -> Exchange:
    """Stores the message and the reply that will answer it; without a session, in a new one.

    Raises `SessionNotFound`, `ReplyInProgress` and `IdempotencyMismatch`.
    """
    with transaction.atomic():
        session = locked_session(user, session_id) if session_id is not None else None
        if session is None:
            # Two first messages with one key must meet somewhere: on their user.
            get_user_model().objects.select_for_update().get(pk=user.pk)
        scope = f"session {session_id}" if session_id is not None else "new"
        if idempotency_key and (earlier := sent_before(user, scope, idempotency_key, text)):
            return earlier
        if session is None:
            session = ChatSession.objects.create(
                user=user, title=first_words(text), title_origin=ChatSession.TitleOrigin.PROMPT
            )
        refuse_while_answering(session)
        last = session.messages.shown().last()
        user_message = session.messages.create(role=Role.USER, content=text, parent=last)
        reply = create_reply(session, user_message, owner, metadata)
        if idempotency_key:
            SentPrompt.objects.create(
                user=user, scope=scope, key=digest(idempotency_key), fingerprint=digest(text), message=user_message
            )
        return Exchange(session, user_message, reply)


def begin_again(user: Any, message_id: int, *, owner: str, metadata: dict[str, Any]) -> Exchange:
    """A new reply in the place of one that did not end well; the old row stays, no longer shown."""
    with transaction.atomic():
        failed = ChatMessage.objects.for_user(user).select_related("parent").filter(pk=message_id).first()
        session = locked_session(user, failed.session_id if failed else 0)
        refuse_while_answering(session)
        # Read again under the lock: another tab may have been quicker.
        failed = session.messages.select_related("parent").get(pk=message_id)
        last = session.messages.shown().last()
        if not (failed.shown and failed.can_retry and failed == last and failed.parent):
            raise NotRetriable
        session.messages.filter(pk=failed.pk).update(shown=False)
        reply = create_reply(session, failed.parent, owner, metadata)
        return Exchange(session, failed.parent, reply)


def locked_session(user: Any, session_id: int) -> ChatSession:
    session = ChatSession.objects.for_user(user).select_for_update().filter(pk=session_id).first()
    if session is None:
        raise SessionNotFound
    return session


def refuse_while_answering(session: ChatSession) -> None:
    for reply in session.messages.generating():
        if reply.is_leased:
            raise ReplyInProgress
        mark_interrupted([reply.pk])


def create_reply(session: ChatSession, user_message: ChatMessage, owner: str, metadata: dict[str, Any]) -> ChatMessage:
    reply = session.messages.create(
        role=Role.ASSISTANT,
        content="",
        parent=user_message,
        status=Status.GENERATING,
        lease_owner=owner,
        lease_until=timezone.now() + LEASE,
        metadata=metadata,
    )
    session.save(update_fields=["updated_at"])
    return reply


def sent_before(user: Any, scope: str, key: str, text: str) -> Exchange | None:
    sent = (
        SentPrompt.objects.filter(
            user=user, scope=scope, key=digest(key), created_at__gt=timezone.now() - IDEMPOTENCY_KEPT
        )
        .select_related("message__session")
        .first()
    )
    if sent is None:
        SentPrompt.objects.filter(user=user, scope=scope, key=digest(key)).delete()
        return None
    if sent.fingerprint != digest(text):
        raise IdempotencyMismatch
    reply = sent.message.children.filter(role=Role.ASSISTANT).order_by("-shown", "-id").first()
    return Exchange(sent.message.session, sent.message, reply, repeated=True) if reply else None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def checkpoint(owner: str, texts: dict[int, str], unchanged: Iterable[int]) -> set[int]:
    """Renews the leases and saves the texts that grew, in one transaction; returns the replies no longer ours."""
    lease = timezone.now() + LEASE
    ours = ChatMessage.objects.generating().filter(lease_owner=owner)
    unchanged = set(unchanged)
    with transaction.atomic():
        lost = {pk for pk, text in texts.items() if not ours.filter(pk=pk).update(content=text, lease_until=lease)}
        if unchanged and ours.filter(pk__in=unchanged).update(lease_until=lease) < len(unchanged):
            lost |= unchanged - set(ours.filter(pk__in=unchanged).values_list("pk", flat=True))
    return lost


def status_of(message_id: int) -> str:
    """The status as stored; empty when the row is gone."""
    return ChatMessage.objects.filter(pk=message_id).values_list("status", flat=True).first() or ""


def finish(message_id: int, owner: str, ending: Ending) -> None:
    """Writes down how a reply ended, unless its row is gone or was taken over by another process.

    A stop from another process, and an interruption declared because we were late with the lease, leave the row ours:
    its text is completed, a stop stays a stop.
    """
    with transaction.atomic():
        reply = (
            ChatMessage.objects.select_for_update()
            .filter(
                pk=message_id, lease_owner=owner, status__in=(Status.GENERATING, Status.INTERRUPTED, Status.STOPPED)
            )
            .first()
        )
        if reply is None:
            return
        if reply.status != Status.STOPPED:
            reply.status, reply.error_code = ending.status, ending.error_code
        reply.content = ending.text
        reply.tokens_used = ending.usage.total - ending.usage.prompt if ending.usage.total else None
        reply.response_time = round(ending.response_time, 3)
        reply.metadata = reply.metadata | ending.metadata
        reply.lease_until = None
        reply.save()
        if ending.usage.prompt and reply.parent_id:
            # A message pays for each time that it was asked again.
            ChatMessage.objects.filter(pk=reply.parent_id).update(
                tokens_used=Coalesce("tokens_used", 0) + ending.usage.prompt
            )
        ChatSession.objects.filter(pk=reply.session_id).update(updated_at=timezone.now())


def stop_elsewhere(message_id: int) -> None:
    """Marks a reply of another process as stopped; its owner notices at the next checkpoint and adds the text."""
    ChatMessage.objects.generating().filter(pk=message_id).update(status=Status.STOPPED)


def mark_interrupted(message_ids: Iterable[int]) -> int:
    return ChatMessage.objects.generating().filter(pk__in=message_ids).update(status=Status.INTERRUPTED)


def sweep() -> int:
    """Writes down that abandoned replies are interrupted; returns how many. Reads first: it mostly finds none."""
    abandoned = list(ChatMessage.objects.abandoned().values_list("pk", flat=True))
    if not abandoned:
        return 0
    with transaction.atomic():
        # Asked again inside: an owner that was only late may have renewed its lease.
        return ChatMessage.objects.abandoned().filter(pk__in=abandoned).update(status=Status.INTERRUPTED)


def forget_sent_prompts() -> None:
    SentPrompt.objects.filter(created_at__lt=timezone.now() - IDEMPOTENCY_KEPT).delete()


def name_session(session_id: int, title: str) -> None:
    """Gives the model's title, unless a person has given one meanwhile."""
    ChatSession.objects.filter(pk=session_id, title_origin=ChatSession.TitleOrigin.PROMPT).update(
        title=title, title_origin=ChatSession.TitleOrigin.MODEL
    )


def record_call(call: GeminiCall) -> None:
    call.save(force_insert=True)
