"""Why there is nothing to show of a calendar: each has one stable word (`code`), one sentence and one HTTP status."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gemini.exceptions import GeminiError


class CalendarError(GeminiError):
    sentence: Any = ""

    @property
    def message(self) -> str:
        return str(self.sentence)


class NotConfigured(CalendarError):
    code = "not_configured"
    status = 409
    sentence = _(
        "Google на этом сайте не настроен: администратор должен задать GOOGLE_CLIENT_ID и GOOGLE_CLIENT_SECRET."
    )


class NotConnected(CalendarError):
    code = "not_connected"
    status = 409
    sentence = _("Google Календарь не подключён. Подключите его на странице «Календарь».")


class ReconnectRequired(CalendarError):
    code = "reconnect_required"
    status = 409
    sentence = _("Доступ к Google Календарю закончился. Подключите календарь заново на странице «Календарь».")


class Unavailable(CalendarError):
    code = "unavailable"
    status = 503
    sentence = _("Google Календарь сейчас не отвечает. Попробуйте позже.")


class TooManyRequests(CalendarError):
    code = "rate_limited"
    status = 429
    sentence = _("Google просит подождать: слишком много запросов к календарю. Попробуйте через минуту.")


class Refused(CalendarError):
    """Google does not serve this site at all: for the operator, whose log says why."""

    code = "refused"
    status = 503
    sentence = _("Google отказал сайту в доступе к календарям. Администратору: причина записана в журнал.")
