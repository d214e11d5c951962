"""The app's settings with their defaults, read when they are needed so that tests can override them."""

from typing import Any

from django.conf import settings

MAX_MESSAGE_LENGTH = 32_000
MAX_ANSWER_LENGTH = 256 * 1024

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
    "FIELD_ENCRYPTION_KEYS": [],
}


def get(name: str) -> Any:
    return getattr(settings, name, DEFAULTS[name])
