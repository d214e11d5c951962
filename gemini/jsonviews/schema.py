"""The JSON views in the OpenAPI schema; they are plain views, which drf-spectacular does not see."""

from typing import Any

from gemini.openapi import IDEMPOTENCY_KEY, JSON, REASONS, add_examples, filled_string

TEXT = {"type": "string"}
ID = {"type": "integer"}
SECURITY: list[dict[str, list[str]]] = [{"sessionKey": []}, {"sessionCookie": []}]

FAILURE = {
    "type": "object",
    "properties": {
        "success": {"const": False},
        "error": TEXT,
        "code": TEXT,
        "retry_after": {"type": "number"},
    },
    "required": ["success", "error", "code"],
}
ENVELOPE = {"$ref": "#/components/schemas/JsonFailure"}


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


OPERATIONS: dict[str, dict[str, Any]] = {
    "send-message": {
        "summary": "Отправка сообщения",
        "description": "Ждёт ответа. Кто не дождался, найдёт ответ в сессии.",
        "body": record(session_id=ID, message=filled_string(32_000)),
        "answer": record(
            success={"const": True},
            response=TEXT,
            user_message_id=ID,
            assistant_message_id=ID,
            metadata={"$ref": "#/components/schemas/Metadata"},
        ),
        "failures": ["404", "409", "422", "429", "500", "503"],
        "idempotent": True,
    },
    "test-api-key": {
        "summary": "Тестирование API ключа",
        "description": "Ключ не сохраняется.",
        "body": record(api_key=filled_string(200)),
        "answer": record(success={"const": True}, message=TEXT),
        "failures": ["500"],
    },
    "sessions/{session_id}/update-title": {
        "summary": "Обновление названия сессии",
        "description": "",
        "body": record(title=filled_string(200)),
        "answer": record(success={"const": True}, title=TEXT),
        "failures": ["404"],
    },
}


def describe_json_views(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular. Each view has the two addresses that the specification prints."""
    result["components"]["schemas"]["JsonFailure"] = FAILURE
    for name, operation in OPERATIONS.items():
        for prefix in ("/gemini", "/gemini/api"):
            path = f"{prefix}/{name}/"
            result["paths"][path] = {"post": described(prefix, name, operation)}
            add_examples(result["paths"][path]["post"], "POST", path)
    return result


def described(prefix: str, name: str, operation: dict[str, Any]) -> dict[str, Any]:
    statuses = {"400", "401", "403", "413", "429", *operation["failures"]}
    parameters = []
    if "{session_id}" in name:
        parameters.append({"name": "session_id", "in": "path", "required": True, "schema": ID})
    if operation.get("idempotent"):
        parameters.append(IDEMPOTENCY_KEY)
    word = name.rpartition("/")[2].replace("-", "_")
    return {
        "operationId": f"json_{word}" + ("_api" if prefix.endswith("api") else ""),
        "summary": operation["summary"],
        "description": operation["description"],
        "tags": ["JSON API"],
        "security": SECURITY,
        "parameters": parameters,
        "requestBody": {"required": True, "content": {JSON: {"schema": operation["body"]}}},
        "responses": {
            "200": {"description": "Выполнено", "content": {JSON: {"schema": operation["answer"]}}},
            **{
                status: {"description": REASONS[status], "content": {JSON: {"schema": ENVELOPE}}}
                for status in sorted(statuses)
            },
        },
    }
