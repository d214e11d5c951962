"""What can go wrong: each has one stable word (`code`) and one Russian sentence, which the interfaces map."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "api_key_missing": _("API ключ не настроен"),
    "api_key_invalid": _("Неверный API ключ"),
    "region_unsupported": _("Gemini недоступен из региона, в котором работает сервер."),
    "quota_exceeded": _("Исчерпана квота Gemini для этого ключа."),
    "model_overloaded": _("Модель Gemini перегружена. Пожалуйста, попробуйте позже."),
    "model_unavailable": _("Эта модель недоступна: её нет, или ключ не даёт к ней доступа."),
    "prompt_blocked": _("Запрос отклонён фильтром безопасности Gemini."),
    "empty_response": _("Gemini вернул пустой ответ."),
    "timeout": _("Gemini не ответил вовремя."),
    "upstream_error": _("Ошибка Gemini API."),
    "rate_limited": _("Дневной лимит исчерпан."),
    "reply_in_progress": _("Предыдущий ответ ещё пишется."),
    "shutting_down": _("Сервер перезапускается. Повторите через несколько секунд."),
    "session_not_found": _("Сессия чата не найдена"),
    "message_not_found": _("Сообщение не найдено"),
    "message_blank": _("Сообщение не может быть пустым"),
    "message_too_long": _("Сообщение длиннее 32 000 символов"),
    "message_unreadable": _("Сообщение содержит недопустимые символы"),
    "not_retriable": _("Повторить можно только последний неудачный ответ."),
    "idempotency_mismatch": _("Этот Idempotency-Key уже использован с другим запросом."),
}


class GeminiError(Exception):
    """`message` is meant for people, `retry_after` is in seconds, `str(error)` is for the log."""

    code = "upstream_error"

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail or self.code)
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code])


class EngineError(GeminiError):
    """All that leaves an engine. `str(error)` is Google's wording: for the log, never for a page.

    `transient`: the same request may well succeed in a moment.
    """

    def __init__(
        self, code: str, detail: str = "", retry_after: float | None = None, *, transient: bool = False
    ) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.code = code
        self.transient = transient


class ApiKeyMissing(GeminiError):
    code = "api_key_missing"


class DailyLimitReached(GeminiError):
    code = "rate_limited"


class ReplyInProgress(GeminiError):
    code = "reply_in_progress"


class ShuttingDown(GeminiError):
    code = "shutting_down"


class SessionNotFound(GeminiError, Http404):
    code = "session_not_found"


class MessageNotFound(GeminiError, Http404):
    code = "message_not_found"


class NotRetriable(GeminiError):
    code = "not_retriable"


class IdempotencyMismatch(GeminiError):
    code = "idempotency_mismatch"


class InvalidMessage(GeminiError):
    """Text that no message may hold; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
