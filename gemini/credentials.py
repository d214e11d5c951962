"""With whose key, and where, a user's requests to Gemini go."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gemini import conf
from gemini.exceptions import ApiKeyMissing, DailyLimitReached
from gemini.models import ChatSession, GeminiCall, GeminiSettings
from gemini.prepared import Prepared
from gemini.usage.limits import spent_today
from gemini.usage.periods import midnight

DEMO_KEY = "demo-key"
# Tokens that a reply is taken to cost at least, before it has said so.
CHEAPEST = 1_000

own_settings = Prepared(lambda user: GeminiSettings.objects.filter(user=user), int)


@dataclass(frozen=True, slots=True)
class Credentials:
    key: str = field(repr=False)
    origin: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class AnsweringModel:
    """Who answers this user: `kind` is an origin of `GeminiCall.KeyOrigin`."""

    kind: str
    model: str


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """What shapes an answer; `max_output_tokens` and `temperature` are None where the model decides."""

    model: str
    temperature: float | None
    max_output_tokens: int | None
    system_instruction: str


def settings_of(user: Any) -> GeminiSettings:
    """The user's settings; unsaved defaults when there are none yet."""
    return own_settings.first(user.pk) or GeminiSettings(user=user)


def origin_for(own_key: str) -> str:
    """The user's own key first, then the server's, then the demo model."""
    if own_key:
        return GeminiCall.KeyOrigin.OWN
    if conf.get("GEMINI_API_KEY"):
        return GeminiCall.KeyOrigin.SERVER
    if conf.get("GEMINI_DEMO_ENDPOINT"):
        return GeminiCall.KeyOrigin.DEMO
    return GeminiCall.KeyOrigin.MISSING


def answer_settings(settings: GeminiSettings, session: ChatSession | None = None) -> AnswerSettings:
    """The session's own settings; where it has none the user's, and last the site's."""
    own = session or ChatSession()
    return AnswerSettings(
        model=own.model or settings.model or conf.get("GEMINI_MODEL"),
        temperature=settings.temperature if own.temperature is None else own.temperature,
        max_output_tokens=own.max_output_tokens or settings.max_output_tokens,
        system_instruction=own.system_instruction or settings.system_instruction,
    )


def credentials_for(user: Any, own_key: str, *, spending: bool = True) -> Credentials:
    """With `spending` for a request that costs tokens.

    Raises `ApiKeyMissing`, and `DailyLimitReached` when the user has spent the day's share of the server's key.
    """
    origin = origin_for(own_key)
    match origin:
        case GeminiCall.KeyOrigin.OWN:
            return Credentials(own_key, origin, conf.get("GEMINI_API_ENDPOINT"))
        case GeminiCall.KeyOrigin.SERVER:
            if spending:
                check_daily_limit(user.pk)
            return Credentials(conf.get("GEMINI_API_KEY"), origin, conf.get("GEMINI_API_ENDPOINT"))
        case GeminiCall.KeyOrigin.DEMO:
            return Credentials(DEMO_KEY, origin, conf.get("GEMINI_DEMO_ENDPOINT"))
    raise ApiKeyMissing


def check_daily_limit(user_id: int, *, under_way: int = 0) -> None:
    """Raises `DailyLimitReached`. Replies under way count as much as the user's replies cost today on the average."""
    limit = conf.get("GEMINI_DAILY_TOKENS")
    if not limit:
        return
    today = spent_today(user_id)
    average = today.tokens_of_replies // max(today.replies, 1)
    if today.tokens + under_way * max(CHEAPEST, average) >= limit:
        tomorrow = midnight(timezone.localdate() + timedelta(days=1))
        raise DailyLimitReached(retry_after=(tomorrow - timezone.now()).total_seconds())


def answering_model(user: Any) -> AnsweringModel:
    settings = settings_of(user)
    return AnsweringModel(origin_for(settings.encrypted_key), settings.model or conf.get("GEMINI_MODEL"))
