"""How what the ledger keeps as words is called by people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gemini.exceptions import MESSAGES
from gemini.models import GeminiCall

# `interface` is free text: another app that uses GeminiService may give its own name, which then stands for itself.
INTERFACES = {
    "pages": _("Страницы"),
    "rest": _("REST API"),
    "json": _("JSON API"),
    "service": _("Другие приложения"),
}
PURPOSES = {
    GeminiCall.Purpose.REPLY: _("Ответы в чатах"),
    GeminiCall.Purpose.TITLE: _("Названия чатов"),
    GeminiCall.Purpose.GENERATE: _("Разовые ответы"),
    GeminiCall.Purpose.ANALYZE: _("Анализ"),
    GeminiCall.Purpose.CHECK: _("Проверки ключа"),
}
ORIGINS = {
    GeminiCall.KeyOrigin.OWN: _("Свой ключ"),
    GeminiCall.KeyOrigin.SERVER: _("Ключ сервера"),
    GeminiCall.KeyOrigin.DEMO: _("Демонстрационная модель"),
    GeminiCall.KeyOrigin.MISSING: _("Без ключа"),
}
OUTCOMES = {"done": _("удались"), "stopped": _("остановлены"), "failed": _("не удались")}
CODES = {"": _("Готово"), "stopped": _("Остановлен"), "interrupted": _("Прерван")}

NAMES: dict[str, dict[Any, Any]] = {
    "interface": INTERFACES,
    "purpose": PURPOSES,
    "origin": ORIGINS,
    "outcome": OUTCOMES,
}


def name_of(kind: str, word: str) -> str:
    if kind == "code":
        return code_name(word)
    return str(NAMES.get(kind, {}).get(word, word))


def code_name(code: str) -> str:
    """How a call came out, in words: the sentence that the chat shows, without its full stop."""
    return str(CODES.get(code) or MESSAGES.get(code) or code).rstrip(".")
