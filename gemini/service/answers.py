from typing import Any

from asgiref.sync import sync_to_async

from gemini import keys, one_shot, prompts, throttling
from gemini.credentials import Credentials, answer_settings, credentials_for
from gemini.engines import ModelInfo
from gemini.exceptions import ReplyInProgress
from gemini.keys import KeyVerdict
from gemini.models import ChatMessage, ChatSession, GeminiCall, GeminiSettings
from gemini.one_shot import Generation, OneShot
from gemini.replies import runtime
from gemini.service.base import ServiceBase
from gemini.service.replies import release_connection
from gemini.texts import clean_message

Purpose = GeminiCall.Purpose


class Answers(ServiceBase):
    """Single answers. Unless told to save, they store nothing but what they cost.

    Options of all of them: `system`, an instruction beside the user's own; `max_tokens` of the visible answer;
    `temperature`; `session`, whose history is the context; `save`, to store prompt and answer there or else in a new
    session; `idempotency_key`. Raises `InvalidMessage`, `IdempotencyMismatch`, `ReplyInProgress`, `ApiKeyMissing`,
    `DailyLimitReached`, `ShuttingDown`, `EngineError`, and `Unauthorized` for an account that was erased
    meanwhile; then nothing is stored.
    """

    def generate(self, prompt: str, **options: Any) -> Generation:
        """The answer to a prompt, waited for."""
        return self._answer(self._one_shot(Purpose.GENERATE, prompt, **options))

    def analyze(self, instruction: str, data: str = "", **options: Any) -> Generation:
        """What Gemini makes of data. Text from outside is data, not instruction, and is told apart."""
        return self._answer(self._analysis(instruction, data, **options))

    def check_key(self, key: str = "", model: str = "") -> KeyVerdict:
        """Whether a key answers with a model (without them: the user's own ones); costs a few tokens.

        Raises `RateLimited`.
        """
        settings = self._settings_for_test()
        release_connection()
        return runtime.call(self._check_key(settings, key, model))

    def models(self, *, refresh: bool = False) -> list[ModelInfo]:
        """The models that this user's key may use, as they were hours ago unless they are to be read anew.

        Raises `ApiKeyMissing`, `EngineError`, and `RateLimited` for one reading anew too many.
        """
        credentials = self._listing_credentials(refresh=refresh)
        release_connection()
        return runtime.call(keys.list_models(credentials, refresh=refresh))

    def known_models(self) -> list[ModelInfo]:
        """The same as far as it is known here and now: empty rather than asked for. Raises `ApiKeyMissing`."""
        return keys.known_models(self._listing_credentials())

    # The twins. What only waits for Gemini runs on the loop; what begins in the database borrows a thread.

    async def agenerate(self, prompt: str, **options: Any) -> Generation:
        return await self._aanswer(await sync_to_async(self._one_shot)(Purpose.GENERATE, prompt, **options))

    async def aanalyze(self, instruction: str, data: str = "", **options: Any) -> Generation:
        return await self._aanswer(await sync_to_async(self._analysis)(instruction, data, **options))

    async def acheck_key(self, key: str = "", model: str = "") -> KeyVerdict:
        settings = await sync_to_async(self._settings_for_test)()
        return await runtime.acall(self._check_key(settings, key, model))

    async def amodels(self, *, refresh: bool = False) -> list[ModelInfo]:
        credentials = await sync_to_async(self._listing_credentials)(refresh=refresh)
        return await runtime.acall(keys.list_models(credentials, refresh=refresh))

    async def aknown_models(self) -> list[ModelInfo]:
        return await sync_to_async(self.known_models)()

    # Inside

    def _answer(self, shot: OneShot | Generation) -> Generation:
        return shot if isinstance(shot, Generation) else runtime.call(one_shot.answer(shot))

    async def _aanswer(self, shot: OneShot | Generation) -> Generation:
        return shot if isinstance(shot, Generation) else await runtime.acall(one_shot.answer(shot))

    def _analysis(self, instruction: str, data: str, **options: Any) -> OneShot | Generation:
        prompt = one_shot.with_data(instruction, data) if data else instruction
        return self._one_shot(Purpose.ANALYZE, prompt, **{"system": prompts.ANALYSIS_INSTRUCTION, **options})

    def _one_shot(
        self,
        purpose: str,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int | None = None,
        temperature: float | None = None,
        session: ChatSession | None = None,
        save: bool = False,
        idempotency_key: str = "",
    ) -> OneShot | Generation:
        """The call to be made, or what the same call has brought before."""
        self._refuse_while_draining()
        prompt = clean_message(prompt)
        if session:
            self._check_own(session)
        settings = self._settings()
        chosen = answer_settings(settings, session)
        input_limit, output_limit = keys.limits(chosen.model)
        shot = OneShot(
            user=self.user,
            interface=self.interface,
            purpose=purpose,
            prompt=prompt,
            credentials=self._credentials(settings),
            request=prompts.chat_prompt(
                [*self._turns(session), ChatMessage(role=ChatMessage.Role.USER, content=prompt)],
                model=chosen.model,
                input_limit=input_limit,
                output_limit=output_limit,
                system="\n\n".join(part for part in (chosen.system_instruction, system) if part),
                temperature=chosen.temperature if temperature is None else temperature,
                # Without a session the length is the caller's to say; in a session it is a trait of its answers.
                max_tokens=chosen.max_output_tokens if session and max_tokens is None else max_tokens,
            ).request,
            session_id=session.pk if session else None,
            save=save,
            idempotency_key=idempotency_key,
        )
        if earlier := one_shot.recall(shot):
            return earlier
        if session and save and session.messages.leased().exists():
            raise ReplyInProgress
        return shot

    def _turns(self, session: ChatSession | None) -> list[ChatMessage]:
        return list(session.messages.visible().turns()) if session else []

    def _listing_credentials(self, *, refresh: bool = False) -> Credentials:
        """A listing costs no tokens: no daily limit forbids it."""
        if refresh:
            throttling.consume("key_test", self.user.pk)
        return credentials_for(self.user, self._settings().api_key, spending=False)

    def _settings_for_test(self) -> GeminiSettings:
        throttling.consume("key_test", self.user.pk)
        return self._settings()

    async def _check_key(self, settings: GeminiSettings, key: str, model: str) -> KeyVerdict:
        call = GeminiCall(
            user_id=self.user.pk,
            interface=self.interface,
            purpose=Purpose.CHECK,
            key_origin=GeminiCall.KeyOrigin.OWN,
            model=model or self._model(settings),
        )
        return await keys.check_key(key or settings.api_key, call.model, call)
