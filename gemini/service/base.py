from typing import Any

from gemini import conf, replies
from gemini.credentials import Credentials, credentials_for, settings_of
from gemini.exceptions import SessionNotFound, ShuttingDown
from gemini.models import ChatSession, GeminiSettings

# Seconds after which a client of a server that restarts may try again.
RESTART_TAKES = 5.0


class ServiceBase:
    def __init__(self, user: Any, interface: str = "service") -> None:
        self.user = user
        self.interface = interface

    def _settings(self) -> GeminiSettings:
        return settings_of(self.user)

    def _model(self, settings: GeminiSettings) -> str:
        return settings.model or conf.get("GEMINI_MODEL")

    def _credentials(self, settings: GeminiSettings) -> Credentials:
        return credentials_for(self.user, settings.api_key)

    def _check_own(self, session: ChatSession) -> None:
        if session.user_id != self.user.pk:
            raise SessionNotFound

    def _refuse_while_draining(self) -> None:
        if replies.draining():
            raise ShuttingDown(retry_after=RESTART_TAKES)
