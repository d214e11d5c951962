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
    "interrupted": _("Ответ прерван раньше, чем он был готов."),
    "rate_limited": _("Слишком много запросов. Попробуйте позже."),
    "daily_limit": _("Дневной лимит исчерпан."),
    "too_many_replies": _("Слишком много ответов пишется сразу. Дождитесь конца одного из них."),
    "reply_in_progress": _("Предыдущий ответ ещё пишется."),
    "shutting_down": _("Сервер перезапускается. Повторите через несколько секунд."),
    "storage_unavailable": _("База данных сейчас не принимает записи. Повторите через несколько секунд."),
    "session_not_found": _("Сессия чата не найдена"),
    "message_not_found": _("Сообщение не найдено"),
    "message_blank": _("Сообщение не может быть пустым"),
    "message_too_long": _("Сообщение длиннее {limit} символов"),
    "message_unreadable": _("Сообщение содержит недопустимые символы"),
    "not_retriable": _("Повторить можно только последний неудачный ответ."),
    "not_editable": _("Изменить и отправить заново можно только своё сообщение."),
    "not_regenerable": _("Вопроса, который можно было бы задать ещё раз, больше нет."),
    "not_continuable": _("Продолжить можно только последний ответ, если он оборван."),
    "idempotency_mismatch": _("Этот Idempotency-Key уже использован с другим запросом."),
    # What only a caller of the APIs can do wrong.
    "unauthorized": _("Требуется авторизация"),
    "invalid_credentials": _("Неверные учетные данные"),
    "csrf_failed": _("Отсутствует или неверен CSRF-токен"),
    "forbidden": _("Недостаточно прав доступа"),
    "https_required": _("API отвечает только по HTTPS. Ключ, который ушёл без него, смените."),
    "not_found": _("Неверный URL"),
    "method_not_allowed": _("Метод не поддерживается"),
    "not_json": _("Неверные параметры запроса: тело запроса не является объектом JSON"),
    "too_large": _("Слишком большой запрос"),
    "too_slow": _("Запрос не пришёл целиком вовремя"),
    "unsupported_media_type": _("Тело запроса должно быть в формате JSON (Content-Type: application/json)"),
    "missing_parameter": _("Неверные параметры запроса: отсутствует {name}"),
    "invalid_parameter": _("Неверные параметры запроса: недопустимое значение {name}"),
    "api_key_blank": _("API ключ не может быть пустым"),
    "title_blank": _("Название не может быть пустым"),
    "title_too_long": _("Название длиннее 200 символов"),
    "prompt_not_found": _("Заготовка не найдена"),
    "too_many_prompts": _("Заготовок может быть не больше {limit}: удалите лишние."),
    "import_invalid": _("{path}: {problem}"),
    "import_not_json": _("Файл не читается: это не JSON."),
    "import_too_large": _("Файл больше {limit} МБ."),
    "import_too_complex": _("Файл не прочитан: в нём слишком много значений."),
    "internal_error": _("Внутренняя ошибка сервера"),
}


class GeminiError(Exception):
    """`message` is meant for people, `retry_after` is in seconds, `str(error)` is for the log."""

    code = "upstream_error"
    # Where one code has several sentences, the one to say: a key of MESSAGES.
    words = ""
    # Over HTTP; None: by the code, see `gemini.http`. Exceptions of other apps bring their own.
    status: int | None = None

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail or self.code)
        self.retry_after = retry_after

    @property
    def message(self) -> str:
        return str(MESSAGES[self.words or self.code])


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


class RateLimited(GeminiError):
    code = "rate_limited"


class DailyLimitReached(RateLimited):
    words = "daily_limit"


class TooManyReplies(RateLimited):
    words = "too_many_replies"


class ReplyInProgress(GeminiError):
    code = "reply_in_progress"


class ShuttingDown(GeminiError):
    code = "shutting_down"


class StorageUnavailable(GeminiError):
    """The database is locked, full, read-only or restarting: nothing was stored."""

    code = "storage_unavailable"

    def __init__(self) -> None:
        super().__init__(retry_after=5.0)


class SessionNotFound(GeminiError, Http404):
    code = "session_not_found"


class MessageNotFound(GeminiError, Http404):
    code = "message_not_found"


class PromptNotFound(GeminiError, Http404):
    code = "prompt_not_found"


class NotRetriable(GeminiError):
    code = "not_retriable"


class NotEditable(GeminiError):
    code = "not_editable"


class NotRegenerable(GeminiError):
    code = "not_regenerable"


class NotContinuable(GeminiError):
    code = "not_continuable"


class IdempotencyMismatch(GeminiError):
    code = "idempotency_mismatch"


class Unauthorized(GeminiError):
    code = "unauthorized"


class InvalidCredentials(GeminiError):
    code = "invalid_credentials"


class CsrfFailed(GeminiError):
    code = "csrf_failed"


class InvalidRequest(GeminiError):
    """A request that cannot be understood; `code` says why, `named` fills what its sentence leaves open."""

    def __init__(self, code: str, **named: object) -> None:
        super().__init__(f"{code} {named}")
        self.code = code
        self.named = named

    @property
    def message(self) -> str:
        return super().message.format_map(self.named)


class InvalidMessage(InvalidRequest):
    """Text that no message or title may hold."""


class TooManyPrompts(InvalidRequest):
    def __init__(self, limit: int) -> None:
        super().__init__("too_many_prompts", limit=limit)


class InvalidImport(InvalidRequest):
    """A file that cannot be taken in; nothing of it was."""
