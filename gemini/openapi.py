"""What the OpenAPI descriptions of both APIs have in common."""

import json
from pathlib import Path
from typing import Any

JSON = "application/json"

REASONS = {
    "400": "Неверные данные запроса, API ключ не настроен или не принят",
    "401": "Требуется авторизация, или ключ сессии недействителен",
    "403": "Вход по cookie без CSRF-токена",
    "404": "Нет такой сессии, сообщения или страницы списка; чужие неотличимы от отсутствующих",
    "409": "Ответ в этой сессии ещё пишется",
    "413": "Слишком большой запрос",
    "415": "Тело запроса не JSON",
    "422": "Idempotency-Key уже использован с другим запросом",
    "429": "Слишком много запросов: наш собственный лимит, через сколько секунд повторить — в Retry-After",
    "500": "Ошибка Gemini: перегрузка, квота, время ожидания",
    "503": "Сервер перезапускается",
}

FILLED = r"^[^\x00]*\S[^\x00]*$"
READABLE = r"^[^\x00]*$"

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Тот же ключ с тем же запросом — тот же запрос: второй раз он не выполняется. Помнится 24 часа.",
    "schema": {"type": "string"},
}


# What the calls of `docs/api.md` really sent and got: `make examples` records them anew.
EXAMPLES_FILE = Path(__file__).with_name("openapi_examples.json")
EXAMPLES: dict[str, dict[str, Any]] = json.loads(EXAMPLES_FILE.read_text()) if EXAMPLES_FILE.exists() else {}


def add_examples(operation: dict[str, Any], method: str, path: str) -> None:
    """Shows a real request and its real answer beside their schemas."""
    example = EXAMPLES.get(f"{method} {path}")
    if example is None:
        return
    if "request" in example and "requestBody" in operation:
        operation["requestBody"]["content"][JSON]["example"] = example["request"]
    content = operation["responses"].get(example["status"], {}).get("content", {})
    if JSON in content:
        content[JSON]["example"] = example["response"]


def filled_string(limit: int) -> dict[str, Any]:
    """A text that is not blank, holds no NUL, and has at most so many characters."""
    return {"type": "string", "minLength": 1, "maxLength": limit, "pattern": FILLED}
