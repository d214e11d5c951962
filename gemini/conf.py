"""The app's settings with their defaults, read when they are needed so that tests can override them."""

from typing import Any

from django.conf import settings

MAX_MESSAGE_LENGTH = 32_000
MAX_TITLE_LENGTH = 200
MAX_ANSWER_LENGTH = 256 * 1024
# For how long what was deleted can be had back.
TRASH_DAYS = 30

DEFAULTS: dict[str, Any] = {
    "GEMINI_API_KEY": "",
    "GEMINI_MODEL": "gemini-flash-latest",
    "GEMINI_TITLE_MODEL": "gemini-flash-lite-latest",
    "GEMINI_ENGINE": "generativeai",
    # host:port for gRPC; without TLS only when it is a loopback address. Empty: Google.
    "GEMINI_API_ENDPOINT": "",
    # The loopback address at which the demo model answers when nobody has a key. Empty: no demo.
    "GEMINI_DEMO_ENDPOINT": "",
    "GEMINI_PROXY": "",
    # Tokens a day for each user on the server's key; 0 is no limit.
    "GEMINI_DAILY_TOKENS": 500_000,
    # What one user may hold at once; 0 is no limit. Replies of all processes; streams and one-shot calls of each.
    "LIVE_REPLIES_PER_USER": 20,
    "VIEWERS_PER_USER": 60,
    # Who may call how often: see `gemini.throttling`. An action that is not here is not limited.
    "RATE_LIMITS": {
        "api": "600 per minute",
        "api_anonymous": "60 per minute",
        "key_test": "20 per 5 minutes",
    },
    # Where several processes meet: their counts, and replies as they are written. Empty: each counts for itself, and
    # follows the others' replies by their rows.
    "REDIS_URL": "",
    "FIELD_ENCRYPTION_KEYS": [],
    # What the model may ask: dotted paths of `gemini.sources.ContextSource` classes.
    "GEMINI_SOURCES": [
        "gemini.sources.nbrb.sources.DayRates",
        "gemini.sources.nbrb.sources.Conversion",
        "gemini.sources.nbrb.sources.History",
        "gemini.sources.vacancies.sources.Search",
        "gemini.sources.vacancies.sources.OneVacancy",
        "gemini.sources.vacancies.sources.Salaries",
    ],
    # What belongs to a person: dotted paths of functions, see `gemini.personal_data`.
    "PERSONAL_DATA": ["gemini.transfer.personal.files"],
    # Where the services answer: the real ones, or stand-ins on loopback, which make their answers up.
    "NBRB_BASE_URL": "https://api.nbrb.by",
    "NBRB_PROXY": "",
    # For how long it is left alone after a failure.
    "NBRB_PAUSE_SECONDS": 60,
    # "hh", "trudvsem", "none"; empty: HH.ru once it has a token.
    "VACANCY_PROVIDER": "",
    "HH_BASE_URL": "https://api.hh.ru",
    "HH_ACCESS_TOKEN": "",
    # «Название/1.0 (адрес почты)», as HH.ru demands of every application.
    "HH_USER_AGENT": "",
    "HH_PROXY": "",
    "TRUDVSEM_BASE_URL": "https://opendata.trudvsem.ru/api/v1",
}


def get(name: str) -> Any:
    return getattr(settings, name, DEFAULTS[name])
