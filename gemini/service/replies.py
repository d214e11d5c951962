import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, connection

from gemini import keys, prompts, replies
from gemini.credentials import Credentials, answer_settings
from gemini.exceptions import ApiKeyMissing, MessageNotFound, NotRetriable, StorageUnavailable
from gemini.models import ChatMessage, ChatSession, GeminiSettings
from gemini.prepared import Prepared
from gemini.replies import Assignment, Event, Exchange, runtime, store
from gemini.service.base import ServiceBase
from gemini.sources import ContextBlock
from gemini.sources.toolbox import checked_context, toolbox_for
from gemini.texts import clean_message

logger = logging.getLogger(__name__)

Status = ChatMessage.Status

turns_up_to = Prepared(
    lambda session, pk: (
        ChatMessage.objects.said().filter(session=session, pk__lte=pk).order_by("pk").only("role", "content")
    ),
    int,
    int,
)


class Replies(ServiceBase):
    """Sending, and what becomes of the reply."""

    def send(
        self,
        session: ChatSession | None,
        text: str,
        *,
        idempotency_key: str = "",
        context: Sequence[ContextBlock] = (),
        title: str = "",
    ) -> Exchange:
        """Stores a message, starts the reply, and returns without waiting for it; without a session, in a new one.

        `title` names a new session, which the model then does not name.
        What the sources named in `context` give is sent along as data, before the question.

        Sent again with the same key it is the same message: its reply is joined, repeated, or, had it failed, retried.
        Raises `InvalidMessage`, `InvalidRequest` for a context that no source could give, `ReplyInProgress`,
        `SessionNotFound`, `IdempotencyMismatch`, `DailyLimitReached` and `ShuttingDown`; then nothing is stored.
        Whatever fails later is the state of the reply.
        """
        text = clean_message(text)
        context = checked_context(context)
        session_id = session.pk if session else None

        def begin(metadata: dict[str, Any]) -> Exchange:
            return store.begin(
                self.user,
                session_id,
                text,
                owner=runtime.owner,
                metadata=metadata,
                idempotency_key=idempotency_key,
                context=context,
                title=title,
            )

        return self._start(begin)

    def retry(self, message: ChatMessage, *, idempotency_key: str = "") -> Exchange:
        """A new reply in the place of the session's last one, which failed, was stopped or interrupted.

        Raises `NotRetriable` and what `send` raises.
        """

        def begin(metadata: dict[str, Any]) -> Exchange:
            return store.begin_again(
                self.user, message.pk, owner=runtime.owner, metadata=metadata, idempotency_key=idempotency_key
            )

        return self._start(begin)

    def stop(self, message: ChatMessage) -> ChatMessage:
        """Ends a running reply and keeps its text; one that has ended is left as it is."""
        self._check_own(message.session)
        if message.is_generating:
            runtime.call(replies.stop(message.pk))
            message.refresh_from_db()
        return message

    def wait(self, exchange: Exchange) -> Exchange:
        """Returns when the reply has ended, with both messages as they are then."""
        release_connection()
        runtime.call(replies.wait(exchange.reply.pk))
        return refreshed(exchange)

    def answered(self, exchange: Exchange) -> Exchange:
        """As `wait`, but raises what the reply failed with; a stopped one is an answer."""
        return raise_failure(self.wait(exchange))

    def stream(self, message: ChatMessage) -> AsyncGenerator[Event, None]:
        """Follows a reply to its end; any number of viewers may, and one that leaves changes nothing."""
        self._check_own(message.session)
        return replies.follow(message)

    async def asend(
        self,
        session: ChatSession | None,
        text: str,
        *,
        idempotency_key: str = "",
        context: Sequence[ContextBlock] = (),
        title: str = "",
    ) -> Exchange:
        return await sync_to_async(self.send)(
            session, text, idempotency_key=idempotency_key, context=context, title=title
        )

    async def aretry(self, message: ChatMessage, *, idempotency_key: str = "") -> Exchange:
        return await sync_to_async(self.retry)(message, idempotency_key=idempotency_key)

    async def astop(self, message: ChatMessage) -> ChatMessage:
        return await sync_to_async(self.stop)(message)

    async def await_end(self, exchange: Exchange) -> Exchange:
        """The twin of `wait`, whose own name with an `a` is a keyword."""
        await sync_to_async(release_connection)()
        await runtime.acall(replies.wait(exchange.reply.pk))
        return await sync_to_async(refreshed)(exchange)

    async def aanswered(self, exchange: Exchange) -> Exchange:
        return raise_failure(await self.await_end(exchange))

    def _start(self, begin: Callable[[dict[str, Any]], Exchange]) -> Exchange:
        self._refuse_while_draining()
        settings = self._settings()
        try:
            credentials = self._credentials(settings)
        except ApiKeyMissing:
            credentials = None
        try:
            exchange = begin({"model": self._model(settings)})
        except (OperationalError, InterfaceError) as error:
            # Not stored, and said so: whoever sent it still has it.
            logger.warning("Nothing stored: %s", error)
            raise StorageUnavailable from error
        if exchange.repeated:
            return self._again_if_failed(exchange)
        if credentials is None:
            replies.fail(exchange.reply, "api_key_missing")
        else:
            replies.start(exchange.reply, self._assignment(exchange, settings, credentials))
        return exchange

    def _again_if_failed(self, exchange: Exchange) -> Exchange:
        if exchange.reply.state not in (Status.FAILED, Status.INTERRUPTED):
            return exchange
        try:
            return self.retry(exchange.reply)
        except NotRetriable:
            # The conversation went on since: its failure is what there is to repeat.
            return exchange

    def _assignment(self, exchange: Exchange, settings: GeminiSettings, credentials: Credentials) -> Assignment:
        model = exchange.reply.metadata["model"]
        said = turns_up_to.tuples(exchange.session.pk, exchange.user_message.pk)
        turns = [prompts.Said(role, content) for _, role, content in said]
        begins_with = exchange.reply.content
        chosen = answer_settings(settings, exchange.session)
        input_limit, output_limit = keys.limits(model)
        prompt = prompts.chat_prompt(
            [*turns, *prompts.continuation(begins_with)],
            model=model,
            input_limit=input_limit,
            output_limit=output_limit,
            system=chosen.system_instruction,
            temperature=chosen.temperature,
            max_tokens=chosen.max_output_tokens,
        )
        return Assignment(
            user_id=self.user.pk,
            interface=self.interface,
            credentials=credentials,
            request=prompt.request,
            left_out=prompt.left_out,
            toolbox=toolbox_for(self.user, exchange.user_message.metadata),
            title_from=exchange.user_message.content if exchange.session.title_pending else "",
            begins_with=begins_with,
        )


def release_connection() -> None:
    """Whoever waits for a reply, for minutes perhaps, keeps no connection of the database from others."""
    if not connection.in_atomic_block:
        connection.close()


def refreshed(exchange: Exchange) -> Exchange:
    for message in (exchange.user_message, exchange.reply):
        try:
            message.refresh_from_db(from_queryset=ChatMessage.objects.existing())
        except ChatMessage.DoesNotExist as error:
            raise MessageNotFound from error
    return exchange


def raise_failure(exchange: Exchange) -> Exchange:
    if failure := exchange.reply.failure:
        raise failure
    return exchange
