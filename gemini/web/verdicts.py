"""What a key test found, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from gemini.exceptions import MESSAGES
from gemini.service import KeyVerdict

# What says nothing against the key: it may answer in a moment.
PASSING = {"model_overloaded", "timeout", "upstream_error", "empty_response", "prompt_blocked", "rate_limited"}


@dataclass(frozen=True, slots=True)
class Words:
    """`kind` is ok, warning or bad; `until` is when a quota returns, `advice` what may be done."""

    kind: str
    finding: str
    advice: str = ""
    until: datetime | None = None
    when: str = ""


def words_for(verdict: KeyVerdict) -> Words:
    if verdict.ok:
        seconds = formats.number_format(verdict.seconds, 1)
        answered = _("Модель %(model)s ответила за %(seconds)s с.") % {"model": verdict.model, "seconds": seconds}
        return Words("ok", _("Подключение к Gemini API успешно установлено"), answered)
    finding = str(MESSAGES[verdict.code])
    if verdict.code == "quota_exceeded":
        return quota(verdict, finding)
    if verdict.code == "model_unavailable":
        named = _("Модель %(model)s недоступна: её нет, или ключ не даёт к ней доступа.") % {"model": verdict.model}
        advice = _("Ключ принят: выберите модель из его списка.") if verdict.accepted else ""
        return Words("warning" if verdict.accepted else "bad", named, advice)
    if verdict.code in PASSING and verdict.accepted:
        return Words("warning", finding, _("Ключ принят, но ответа сейчас не было. Проверьте ещё раз позже."))
    return Words("bad", finding, advice_on(verdict.code))


def advice_on(code: str) -> str:
    match code:
        case "api_key_missing":
            return _("Введите ключ: его бесплатно выдаёт Google AI Studio.")
        case "api_key_invalid":
            return _("Google не принимает этот ключ: проверьте, что он скопирован целиком и не отозван.")
        case "region_unsupported":
            return _("Ключ здесь ни при чём: Google смотрит на адрес сервера. Прокси настраивает администратор.")
    return ""


def quota(verdict: KeyVerdict, finding: str) -> Words:
    if verdict.retry_after is None:
        return Words("warning", finding, _("Ключ принят. Когда квота вернётся, Google не сообщил."))
    until = timezone.now() + timedelta(seconds=verdict.retry_after)
    return Words("warning", finding, _("Ключ принят. Квота вернётся"), until, moment(until))


def moment(until: datetime) -> str:
    """A time that is soon, as one would say it: `сегодня в 18:45`."""
    local, now = timezone.localtime(until), timezone.localtime()
    if (local - now).total_seconds() < 120:
        return _("сегодня в %(time)s") % {"time": formats.date_format(local, "H:i:s")}
    # Rounded up: a minute early is a refusal more.
    local += timedelta(seconds=59)
    time = formats.date_format(local, "H:i")
    match (local.date() - now.date()).days:
        case 0:
            return _("сегодня в %(time)s") % {"time": time}
        case 1:
            return _("завтра в %(time)s") % {"time": time}
    return _("%(day)s в %(time)s") % {"day": formats.date_format(local, "j E"), "time": time}
