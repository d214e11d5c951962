"""Branches: what was put in other words or asked again stays beside what came in its place, with all that followed it.

Each change is one short transaction under the lock of its session, as those of `store` are.
"""

from typing import Any

from django.db import transaction

from gemini import idempotency, prompts
from gemini.access import locked_message
from gemini.exceptions import NotContinuable, NotEditable, NotRegenerable
from gemini.models import ChatMessage, ChatSession
from gemini.replies.store import Exchange, create_reply, refuse_while_answering, repeated
from gemini.variants import TIP, Tree

Role = ChatMessage.Role


def edit(
    user: Any, message_id: int, text: str, *, owner: str, metadata: dict[str, Any], idempotency_key: str = ""
) -> Exchange:
    """The user's message in other words, and a reply to it. Raises what `store.begin` raises, and `NotEditable`."""
    with transaction.atomic():
        old = locked_message(user, message_id)
        session = old.session
        scope, sent = idempotency.scope_of(session.pk), f"\0edit {old.pk}\n{text}"
        if earlier := repeated(idempotency.recall(user, scope, idempotency_key, sent)):
            return earlier
        refuse_while_answering(session)
        if old.role != Role.USER:
            raise NotEditable
        leave(session, old)
        # What was attached to the old words is the new ones' as well.
        attached = {"context": old.metadata["context"]} if "context" in old.metadata else {}
        new = session.messages.create(role=Role.USER, content=text, parent_id=old.parent_id, metadata=attached)
        reply = create_reply(session, new, owner, metadata)
        idempotency.remember(user, scope, idempotency_key, sent, message=new)
        return Exchange(session, new, reply)


def regenerate(
    user: Any, message_id: int, *, owner: str, metadata: dict[str, Any], idempotency_key: str = ""
) -> Exchange:
    """Another reply to the same question. Raises what `store.begin` raises, and `NotRegenerable`."""
    with transaction.atomic():
        old = locked_message(user, message_id)
        session = old.session
        scope, sent = idempotency.scope_of(session.pk), f"\0regenerate {old.pk}"
        if earlier := repeated(idempotency.recall(user, scope, idempotency_key, sent)):
            return earlier
        refuse_while_answering(session)
        question = old.question
        if question is None:
            raise NotRegenerable
        leave(session, old)
        reply = create_reply(session, question, owner, metadata)
        idempotency.remember(user, scope, idempotency_key, sent, message=question)
        return Exchange(session, question, reply)


def go_on(user: Any, message_id: int, *, owner: str, metadata: dict[str, Any], idempotency_key: str = "") -> Exchange:
    """A reply that begins with what the cut one holds: whenever it ends, both rows have the text.

    Raises what `store.begin` raises, and `NotContinuable`.
    """
    with transaction.atomic():
        cut = locked_message(user, message_id)
        session = cut.session
        scope, sent = idempotency.scope_of(session.pk), f"\0continue {cut.pk}"
        if earlier := repeated(idempotency.recall(user, scope, idempotency_key, sent)):
            return earlier
        refuse_while_answering(session)
        question = cut.question
        if question is None or not cut.can_continue or cut != session.messages.shown().last():
            raise NotContinuable
        leave(session, cut)
        reply = create_reply(
            session,
            question,
            owner,
            metadata | {"continues": cut.pk},
            content=prompts.kept_for_continuation(cut.content),
            # The answer on the page is then what both requests have brought, and costs what both have.
            tokens_used=cut.tokens_used,
            response_time=cut.response_time,
        )
        idempotency.remember(user, scope, idempotency_key, sent, message=question)
        return Exchange(session, question, reply)


def show(user: Any, message_id: int) -> ChatMessage:
    """Shows a message, what it hangs on, and what was last shown below it. Raises `ReplyInProgress`."""
    with transaction.atomic():
        message = locked_message(user, message_id)
        session = message.session
        refuse_while_answering(session)
        turn_to(session, message)
        return message


def leave(session: ChatSession, message: ChatMessage) -> None:
    """Hides a message and what follows it, all of which stays with it as a branch."""
    turn_to(session, message)
    # Along the path ids only grow.
    left = session.messages.on_path().filter(pk__gte=message.pk)
    message.metadata = message.metadata | {TIP: left.values_list("pk", flat=True).last()}
    message.save(update_fields=["metadata"])
    left.update(shown=False)
    message.shown = False


def turn_to(session: ChatSession, message: ChatMessage) -> None:
    if message.shown:
        return
    tree = Tree(session.messages.values("pk", "parent_id", "shown", "deleted_at"))
    above = tree.path_to(message.pk)
    if (parting := tree.shown_in_place_of(above)) is not None:
        leave(session, session.messages.get(pk=parting))
    path = {*above, *tree.path_below(message.pk, message.metadata.get(TIP))}
    session.messages.filter(pk__in=path, shown=False).update(shown=True)
    message.shown = True
