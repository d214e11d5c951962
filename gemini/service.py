"""The one face of the chat: what other apps, the pages and both APIs call. Each method has an `a`-prefixed twin."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

from asgiref.sync import sync_to_async

from gemini import conf, one_shot, prompts, replies
from gemini.credentials import Credentials, credentials_for, settings_of
from gemini.engines import GenerateRequest, ModelInfo
from gemini.exceptions import ApiKeyMissing, MessageNotFound, SessionNotFound, ShuttingDown
from gemini.models import ChatMessage, ChatSession, GeminiCall, GeminiSettings
from gemini.one_shot import Generation, KeyVerdict
from gemini.replies import Assignment, Event, Exchange, runtime, store
from gemini.texts import clean_message

__all__ = ["Event", "Exchange", "GeminiService", "Generation", "KeyVerdict", "ModelInfo"]

# Seconds after which a client of a server that restarts may try again.
RESTART_TAKES = 5.0


class GeminiService:
    """Gemini as one user may use it, through one interface (`interface` names it in the usage ledger).

    Failures are `gemini.exceptions.GeminiError`. The plain methods block: on an event loop use their twins.
    """

    def __init__(self, user: Any, interface: str = "service") -> None:
        self.user = user
        self.interface = interface

    # Conversations

    def send(self, session: ChatSession | None, text: str, *, idempotency_key: str = "") -> Exchange:
        """Stores a message, starts the reply, and returns without waiting for it; without a session, in a new one.

        Raises `InvalidMessage`, `ReplyInProgress`, `SessionNotFound`, `IdempotencyMismatch`, `DailyLimitReached` and
        `ShuttingDown`; then nothing is stored. Whatever fails later is the state of the reply.
        """
        text = clean_message(text)
        session_id = session.pk if session else None

        def begin(metadata: dict[str, Any]) -> Exchange:
            return store.begin(
                self.user,
                session_id,
                text,
                owner=runtime.owner,
                metadata=metadata,
                idempotency_key=idempotency_key,
            )

        return self._start(begin)

    def retry(self, message: ChatMessage) -> Exchange:
        """A new reply in the place of the session's last one, which failed, was stopped or interrupted.

        Raises `NotRetriable` and what `send` raises.
        """

        def begin(metadata: dict[str, Any]) -> Exchange:
            return store.begin_again(self.user, message.pk, owner=runtime.owner, metadata=metadata)

        return self._start(begin)

    def stop(self, message: ChatMessage) -> ChatMessage:
        """Ends a running reply and keeps its text; one that has ended is left as it is."""
        self._check_own(message.session)
        runtime.call(replies.stop(message.pk))
        message.refresh_from_db()
        return message

    def wait(self, exchange: Exchange) -> Exchange:
        """Returns when the reply has ended, with both messages as they are then."""
        runtime.call(replies.wait(exchange.reply.pk))
        return refreshed(exchange)

    def stream(self, message: ChatMessage) -> AsyncGenerator[Event, None]:
        """Follows a reply to its end; any number of viewers may, and one that leaves changes nothing."""
        self._check_own(message.session)
        return replies.follow(message)

    def delete(self, session: ChatSession) -> None:
        """Deletes a session with its messages; a reply that is running there ends."""
        self._check_own(session)
        session_id = session.pk
        session.delete()
        runtime.call(replies.abandon_session(session_id))

    # One-shot calls: nothing is stored but the usage

    def generate(
        self, prompt: str, *, system: str = "", max_tokens: int | None = None, temperature: float | None = None
    ) -> Generation:
        """The answer to a prompt, waited for."""
        credentials, request = self._request(prompt, system, max_tokens, temperature)
        return runtime.call(self._ask(credentials, request, GeminiCall.Purpose.GENERATE))

    def analyze(self, instruction: str, data: str, *, max_tokens: int | None = None) -> Generation:
        """What Gemini makes of data. Text from outside is data, not instruction, and is told apart."""
        credentials, request = self._request(one_shot.with_data(instruction, data), "", max_tokens, None)
        return runtime.call(self._ask(credentials, request, GeminiCall.Purpose.ANALYZE))

    # Keys and models

    def check_key(self, key: str = "") -> KeyVerdict:
        """Whether a key (without one: the user's stored key) answers with the user's model; costs a few tokens."""
        return runtime.call(self._check_key(self._settings(), key))

    def models(self) -> list[ModelInfo]:
        """The models that this user's key may use."""
        return runtime.call(one_shot.list_models(self._credentials(self._settings())))

    # The twins. What only waits for Gemini runs on the loop; what begins in the database borrows a thread.

    async def asend(self, session: ChatSession | None, text: str, *, idempotency_key: str = "") -> Exchange:
        return await sync_to_async(self.send)(session, text, idempotency_key=idempotency_key)

    async def aretry(self, message: ChatMessage) -> Exchange:
        return await sync_to_async(self.retry)(message)

    async def astop(self, message: ChatMessage) -> ChatMessage:
        return await sync_to_async(self.stop)(message)

    async def await_end(self, exchange: Exchange) -> Exchange:
        """The twin of `wait`, whose own name with an `a` is a keyword."""
        await runtime.acall(replies.wait(exchange.reply.pk))
        return await sync_to_async(refreshed)(exchange)

    async def adelete(self, session: ChatSession) -> None:
        await sync_to_async(self.delete)(session)

    async def agenerate(
        self, prompt: str, *, system: str = "", max_tokens: int | None = None, temperature: float | None = None
    ) -> Generation:
        credentials, request = await sync_to_async(self._request)(prompt, system, max_tokens, temperature)
        return await runtime.acall(self._ask(credentials, request, GeminiCall.Purpose.GENERATE))

    async def aanalyze(self, instruction: str, data: str, *, max_tokens: int | None = None) -> Generation:
        prompt = one_shot.with_data(instruction, data)
        credentials, request = await sync_to_async(self._request)(prompt, "", max_tokens, None)
        return await runtime.acall(self._ask(credentials, request, GeminiCall.Purpose.ANALYZE))

    async def acheck_key(self, key: str = "") -> KeyVerdict:
        settings = await sync_to_async(self._settings)()
        return await runtime.acall(self._check_key(settings, key))

    async def amodels(self) -> list[ModelInfo]:
        credentials = await sync_to_async(lambda: self._credentials(self._settings()))()
        return await runtime.acall(one_shot.list_models(credentials))

    # Inside

    def _settings(self) -> GeminiSettings:
        return settings_of(self.user)

    def _credentials(self, settings: GeminiSettings) -> Credentials:
        return credentials_for(self.user, settings.api_key)

    def _check_own(self, session: ChatSession) -> None:
        if session.user_id != self.user.pk:
            raise SessionNotFound

    def _start(self, begin: Callable[[dict[str, Any]], Exchange]) -> Exchange:
        if replies.draining():
            raise ShuttingDown(retry_after=RESTART_TAKES)
        settings = self._settings()
        try:
            credentials = self._credentials(settings)
        except ApiKeyMissing:
            credentials = None
        exchange = begin({"model": settings.model or conf.get("GEMINI_MODEL")})
        if exchange.repeated:
            return exchange
        if credentials is None:
            replies.fail(exchange.reply, "api_key_missing")
        else:
            replies.start(exchange.reply, self._assignment(exchange, settings, credentials))
        return exchange

    def _assignment(self, exchange: Exchange, settings: GeminiSettings, credentials: Credentials) -> Assignment:
        model = exchange.reply.metadata["model"]
        turns = exchange.session.messages.visible().filter(pk__lte=exchange.user_message.pk).only("role", "content")
        prompt = prompts.chat_prompt(
            list(turns),
            model=model,
            input_limit=one_shot.input_limit(model),
            system=settings.system_instruction,
            temperature=settings.temperature,
            max_tokens=settings.max_output_tokens,
        )
        return Assignment(
            user_id=self.user.pk,
            interface=self.interface,
            credentials=credentials,
            request=prompt.request,
            left_out=prompt.left_out,
            title_from=exchange.user_message.content if exchange.session.title_pending else "",
        )

    def _request(
        self, prompt: str, system: str, max_tokens: int | None, temperature: float | None
    ) -> tuple[Credentials, GenerateRequest]:
        settings = self._settings()
        turn = ChatMessage(role=ChatMessage.Role.USER, content=clean_message(prompt))
        model = settings.model or conf.get("GEMINI_MODEL")
        request = prompts.chat_prompt(
            [turn],
            model=model,
            input_limit=one_shot.input_limit(model),
            system=system,
            temperature=settings.temperature if temperature is None else temperature,
            max_tokens=max_tokens,
        ).request
        return self._credentials(settings), request

    async def _ask(self, credentials: Credentials, request: GenerateRequest, purpose: str) -> Generation:
        call = GeminiCall(
            user_id=self.user.pk,
            interface=self.interface,
            purpose=purpose,
            key_origin=credentials.origin,
            model=request.model,
        )
        return await one_shot.ask(credentials, request, call)

    async def _check_key(self, settings: GeminiSettings, key: str) -> KeyVerdict:
        model = settings.model or conf.get("GEMINI_MODEL")
        call = GeminiCall(
            user_id=self.user.pk,
            interface=self.interface,
            purpose=GeminiCall.Purpose.CHECK,
            key_origin=GeminiCall.KeyOrigin.OWN,
            model=model,
        )
        return await one_shot.check_key(key or settings.api_key, model, call)


def refreshed(exchange: Exchange) -> Exchange:
    for message in (exchange.user_message, exchange.reply):
        try:
            message.refresh_from_db()
        except ChatMessage.DoesNotExist as error:
            raise MessageNotFound from error
    return exchange
