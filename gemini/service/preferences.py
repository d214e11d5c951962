from collections.abc import Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction

from gemini import watching
from gemini.credentials import AnswerSettings, answer_settings
from gemini.exceptions import SessionNotFound, TooManyPrompts
from gemini.models import ChatSession, PromptTemplate
from gemini.service.base import ServiceBase

OWN_SETTINGS = ("model", "temperature", "max_output_tokens", "system_instruction")
# What fits into one list that is read at a glance, and into one small answer.
MAX_PROMPTS = 200


class Preferences(ServiceBase):
    """What shapes answers: the settings of a chat, and the prompts that a user keeps. None of this asks Gemini."""

    def answer_settings(self, session: ChatSession | None = None) -> AnswerSettings:
        return answer_settings(self._settings(), session)

    def configure_session(self, session: ChatSession, **own: Any) -> ChatSession:
        """Sets what differs in this session from the user's settings (`OWN_SETTINGS`); counts from the next reply on.

        A reply that runs goes on as it began, and the session keeps its place in the list.
        """
        chosen = {name: own[name] for name in OWN_SETTINGS}
        if not ChatSession.objects.for_user(self.user).filter(pk=session.pk).update(**chosen):
            raise SessionNotFound
        for name, value in chosen.items():
            setattr(session, name, value)
        return session

    def keep_prompt(self, prompt: PromptTemplate) -> PromptTemplate:
        """Stores a new prompt or a changed one. Raises `TooManyPrompts`, and `IntegrityError` for a name twice."""
        with transaction.atomic():
            if prompt._state.adding and PromptTemplate.objects.for_user(self.user).count() >= MAX_PROMPTS:
                raise TooManyPrompts(limit=MAX_PROMPTS)
            prompt.user = self.user
            prompt.save()
        return prompt

    def end_views(self, session_keys: Iterable[str]) -> None:
        """Streams that were opened with these sign-ins end with their next event; the replies go on."""
        watching.end(session_keys)

    def forget_prompt(self, prompt: PromptTemplate) -> None:
        PromptTemplate.objects.for_user(self.user).filter(pk=prompt.pk).delete()

    async def aanswer_settings(self, session: ChatSession | None = None) -> AnswerSettings:
        return await sync_to_async(self.answer_settings)(session)

    async def aconfigure_session(self, session: ChatSession, **own: Any) -> ChatSession:
        return await sync_to_async(self.configure_session)(session, **own)

    async def akeep_prompt(self, prompt: PromptTemplate) -> PromptTemplate:
        return await sync_to_async(self.keep_prompt)(prompt)

    async def aforget_prompt(self, prompt: PromptTemplate) -> None:
        await sync_to_async(self.forget_prompt)(prompt)
