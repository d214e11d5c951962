"""With whose key, and where, a user's requests to Gemini go."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from gemini import conf
from gemini.exceptions import ApiKeyMissing, DailyLimitReached
from gemini.models import GeminiCall, GeminiSettings

DEMO_KEY = "demo-key"


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


def settings_of(user: Any) -> GeminiSettings:
    """The user's settings; unsaved defaults when there are none yet."""
    return GeminiSettings.objects.filter(user=user).first() or GeminiSettings(user=user)


def origin_for(own_key: str) -> str:
    """The user's own key first, then the server's, then the demo model."""
    if own_key:
        return GeminiCall.KeyOrigin.OWN
    if conf.get("GEMINI_API_KEY"):
        return GeminiCall.KeyOrigin.SERVER
    if conf.get("GEMINI_DEMO_ENDPOINT"):
        return GeminiCall.KeyOrigin.DEMO
    return GeminiCall.KeyOrigin.MISSING


def credentials_for(user: Any, own_key: str) -> Credentials:
    """Raises `ApiKeyMissing`, and `DailyLimitReached` when the user has spent the day's share of the server's key."""
    origin = origin_for(own_key)
    match origin:
        case GeminiCall.KeyOrigin.OWN:
            return Credentials(own_key, origin, conf.get("GEMINI_API_ENDPOINT"))
        case GeminiCall.KeyOrigin.SERVER:
            check_daily_limit(user)
            return Credentials(conf.get("GEMINI_API_KEY"), origin, conf.get("GEMINI_API_ENDPOINT"))
        case GeminiCall.KeyOrigin.DEMO:
            return Credentials(DEMO_KEY, origin, conf.get("GEMINI_DEMO_ENDPOINT"))
    raise ApiKeyMissing


def check_daily_limit(user: Any) -> None:
    limit = conf.get("GEMINI_DAILY_TOKENS")
    if not limit:
        return
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if GeminiCall.objects.for_user(user).on_server_key().since(midnight).tokens() >= limit:
        raise DailyLimitReached(retry_after=86_400 - (now - midnight).total_seconds())


def answering_model(user: Any) -> AnsweringModel:
    settings = settings_of(user)
    return AnsweringModel(origin_for(settings.encrypted_key), settings.model or conf.get("GEMINI_MODEL"))
