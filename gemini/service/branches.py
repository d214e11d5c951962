from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from gemini.models import ChatMessage
from gemini.replies import Exchange, branches, runtime
from gemini.service.replies import Replies
from gemini.texts import clean_message


class Branches(Replies):
    """Asking again. Nothing is overwritten: what was said before stays beside the new and can be shown again.

    What begins a reply raises what `send` raises, and `MessageNotFound`; then nothing has changed.
    """

    def edit(self, message: ChatMessage, text: str, *, idempotency_key: str = "") -> Exchange:
        """The user's own message in other words, and a reply to it. Raises `InvalidMessage` and `NotEditable` too."""
        return self._branch(branches.edit, message, clean_message(text), idempotency_key=idempotency_key)

    def regenerate(self, message: ChatMessage, *, idempotency_key: str = "") -> Exchange:
        """Another reply in the place of any that has ended. Raises `NotRegenerable` too."""
        return self._branch(branches.regenerate, message, idempotency_key=idempotency_key)

    def continue_reply(self, message: ChatMessage, *, idempotency_key: str = "") -> Exchange:
        """A reply that goes on where the session's last one was cut. Raises `NotContinuable` too."""
        return self._branch(branches.go_on, message, idempotency_key=idempotency_key)

    def show(self, message: ChatMessage) -> ChatMessage:
        """Turns the conversation to the branch of a message. Raises `ReplyInProgress`."""
        return branches.show(self.user, message.pk)

    async def aedit(self, message: ChatMessage, text: str, *, idempotency_key: str = "") -> Exchange:
        return await sync_to_async(self.edit)(message, text, idempotency_key=idempotency_key)

    async def aregenerate(self, message: ChatMessage, *, idempotency_key: str = "") -> Exchange:
        return await sync_to_async(self.regenerate)(message, idempotency_key=idempotency_key)

    async def acontinue_reply(self, message: ChatMessage, *, idempotency_key: str = "") -> Exchange:
        return await sync_to_async(self.continue_reply)(message, idempotency_key=idempotency_key)

    async def ashow(self, message: ChatMessage) -> ChatMessage:
        return await sync_to_async(self.show)(message)

    def _branch(self, change: Callable[..., Exchange], message: ChatMessage, *args: Any, **options: Any) -> Exchange:
        def begin(metadata: dict[str, Any]) -> Exchange:
            return change(self.user, message.pk, *args, owner=runtime.owner, metadata=metadata, **options)

        return self._start(begin)

    def _again_if_failed(self, exchange: Exchange) -> Exchange:
        reply = exchange.reply
        if "continues" in reply.metadata and reply.failure and reply.can_continue:
            return self.continue_reply(reply)
        return super()._again_if_failed(exchange)
