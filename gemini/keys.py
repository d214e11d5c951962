"""What a key is good for: whether it works, and which models it may use."""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from gemini import conf
from gemini.credentials import Credentials
from gemini.engines import GenerateRequest, ModelInfo, engine_at
from gemini.exceptions import ApiKeyMissing, GeminiError
from gemini.models import GeminiCall
from gemini.one_shot import ask
from gemini.prompts import DEFAULT_OUTPUT_LIMIT, generation_config

# Tokens; what current models take (https://ai.google.dev/gemini-api/docs/models) until a listing says otherwise.
DEFAULT_INPUT_LIMIT = 1_048_576
LIMITS_KEPT_SECONDS = 24 * 3600
# Models come and go by the week; a key's rights change when its owner changes them, who can refresh.
LIST_KEPT_SECONDS = 6 * 3600
TEST_PROMPT = "Ответь одним словом: работает?"
TEST_TOKENS = 16


@dataclass(frozen=True, slots=True)
class KeyVerdict:
    """What a key test found: `code` is empty when the key works; `retry_after` is in seconds."""

    code: str = ""
    retry_after: float | None = None
    models: tuple[ModelInfo, ...] = ()
    # The one that was asked to answer, and the seconds it took.
    model: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.code

    @property
    def accepted(self) -> bool:
        """Google knows the key, whatever became of the answer."""
        return bool(self.models) and self.code != "api_key_invalid"


def is_sendable(key: str) -> bool:
    """A key travels as a header: a letter pasted by mistake would fail there, far from who pasted it."""
    return key.isascii() and key.isprintable() and " " not in key


async def check_key(key: str, model: str, call: GeminiCall) -> KeyVerdict:
    """Lists the models that the key may use, then has one answer, once: only that shows quota, region and model.

    A name that is not in the list is asked as well: Google does not list every alias.
    """
    if not is_sendable(key):
        return KeyVerdict("api_key_invalid", model=model)
    credentials = Credentials(key, call.key_origin, conf.get("GEMINI_API_ENDPOINT"))
    listed: list[ModelInfo] = []
    try:
        listed = await list_models(credentials, refresh=True)
        request = GenerateRequest(
            model=model,
            contents=[{"role": "user", "parts": [{"text": TEST_PROMPT}]}],
            generation_config=generation_config(model, None, TEST_TOKENS),
        )
        answered = await ask(credentials, request, call, patient=False)
    except GeminiError as error:
        return KeyVerdict(error.code, error.retry_after, tuple(listed), model)
    return KeyVerdict(models=tuple(listed), model=model, seconds=answered.metadata["response_time"])


async def list_models(credentials: Credentials, *, refresh: bool = False) -> list[ModelInfo]:
    """The models that this very key may use. Remembered for a while; raises `EngineError`."""
    if not credentials.key:
        raise ApiKeyMissing
    if not refresh and (known := known_models(credentials)):
        return known
    engine = await engine_at(credentials.endpoint)
    models = await engine.models(credentials.key)
    cache.set(list_of(credentials), models, LIST_KEPT_SECONDS)
    limits = {f"gemini:limits:{model.name}": (model.input_limit, model.output_limit) for model in models}
    cache.set_many(limits, LIMITS_KEPT_SECONDS)
    return models


def known_models(credentials: Credentials) -> list[ModelInfo]:
    """The key's list as it was last read; empty when that was too long ago, or never. Asks nobody."""
    return cache.get(list_of(credentials), [])


def list_of(credentials: Credentials) -> str:
    """Where a key's list is kept: a name from which the key cannot be told, not even by whoever reads the cache."""
    fingerprint = salted_hmac("gemini.keys", f"{credentials.endpoint} {credentials.key}", algorithm="sha256")
    return f"gemini:models:{fingerprint.hexdigest()}"


def limits(model: str) -> tuple[int, int]:
    """Tokens that a model takes, and gives at most, thoughts included, as far as a listing has told."""
    return cache.get(f"gemini:limits:{model}", (DEFAULT_INPUT_LIMIT, DEFAULT_OUTPUT_LIMIT))
