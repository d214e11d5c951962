"""What the OpenAPI schema says beyond what the viewsets tell by themselves: who may call, and how a call can fail."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import IsAuthenticated

from gemini.openapi import FILLED, IDEMPOTENCY_KEY, JSON, REASONS, add_examples
from gemini.rest.summaries import SUMMARIES, TAGS

WRITING = ("POST", "PUT", "PATCH", "DELETE")

ERROR = {
    "type": "object",
    "properties": {
        "error": {"type": "string", "description": "Что случилось, словами"},
        "code": {"type": "string", "description": "То же постоянным словом", "examples": ["model_overloaded"]},
        "retry_after": {"type": "number", "description": "Через сколько секунд повторить, если известно"},
    },
    "required": ["error", "code"],
}
VALIDATION_ERROR = {
    "type": "object",
    "description": "Поле → список сообщений",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
    "examples": [{"content": ["Это поле обязательно для заполнения."]}],
}
# Calls that may meet a reply under way; those that ask Gemini may fail in all the ways that it has.
MAY_CONFLICT = {"clear_history", "update", "partial_update", "destroy"}
ASKING = {"send_message", "retry", "analyze_text", "generate_response", "analyze"}

# What can be done with what an operation has made: the OpenAPI links of its answer.
WITH_NEW_MESSAGE = ("retrieve", "update", "partial_update", "destroy")
WITH_NEW_SESSION = (
    *WITH_NEW_MESSAGE,
    *("messages_list", "reply_retrieve"),
    *("send_message_create", "retry_create", "stop_create", "clear_history_create"),
)
ID = "$response.body#/id"


def links_of(resource: str, operations: tuple[str, ...]) -> dict[str, Any]:
    names = [f"gemini_{resource}_{operation}" for operation in operations]
    return {name: {"operationId": name, "parameters": {"id": ID}} for name in names}


LINKS = {
    "gemini_chat_messages_create": links_of("chat_messages", WITH_NEW_MESSAGE),
    "gemini_chat_sessions_create": links_of("chat_sessions", WITH_NEW_SESSION)
    | {
        "gemini_chat_messages_create": {"operationId": "gemini_chat_messages_create", "requestBody": {"session": ID}},
        "json_send_message": {"operationId": "json_send_message", "requestBody": {"session_id": ID}},
        "json_send_message_api": {"operationId": "json_send_message_api", "requestBody": {"session_id": ID}},
        "json_update_title": {"operationId": "json_update_title", "parameters": {"session_id": ID}},
        "json_update_title_api": {"operationId": "json_update_title_api", "parameters": {"session_id": ID}},
    },
}


class Schema(AutoSchema):
    """Adds to each operation the failures that it can have."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        error = self.component("Error", ERROR)
        invalid = {"anyOf": [self.component("ValidationError", VALIDATION_ERROR), error]}
        for status in self.failures(operation):
            content = {JSON: {"schema": invalid if status == "400" else error}}
            operation["responses"].setdefault(status, {"description": REASONS[status], "content": content})
        if self.action in ASKING:
            operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                parameter["schema"] = {"type": "integer", "minimum": 1}
        if links := LINKS.get(operation["operationId"]):
            operation["responses"]["201"]["links"] = links
        add_examples(operation, self.method, self.path)
        return operation

    def get_description(self, *_: Any) -> str:
        # Docstrings are written for whoever reads the code.
        return ""

    def get_summary(self) -> str | None:
        return SUMMARIES.get((getattr(self.view, "basename", ""), self.action))

    def get_tags(self) -> list[str]:
        basename = getattr(self.view, "basename", "")
        return [TAGS[basename]] if basename in TAGS else super().get_tags()

    @property
    def action(self) -> str:
        return getattr(self.view, "action", "")

    def failures(self, operation: Any) -> list[str]:
        statuses = {"429"}
        if any(isinstance(permission, IsAuthenticated) for permission in self.view.get_permissions()):
            statuses |= {"401", "403"} if self.method in WRITING else {"401"}
        if "requestBody" in operation:
            statuses |= {"400", "413", "415"}
        if "{" in self.path or self._is_list_view() or self.action in {"create", *ASKING}:
            statuses |= {"404"}
        if self._is_list_view() or self.action in {"recent", "summary"}:
            statuses |= {"400"}
        if self.action in ASKING:
            statuses |= {"400", "409", "422", "429", "500", "503"}
        if self.action in getattr(self.view, "may_conflict", MAY_CONFLICT):
            statuses |= {"409"}
        return sorted(statuses)

    def component(self, name: str, schema: dict[str, Any]) -> dict[str, str]:
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=schema)
        self.registry.register_on_missing(component)
        return component.ref


class SessionKeyScheme(OpenApiAuthenticationExtension):
    target_class = "gemini.rest.authentication.SessionKeyAuthentication"
    name = ["sessionKey", "sessionCookie"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        # One or the other: a list of names alone would mean both.
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Session <ключ>`; ключ даёт `POST /api/v1/accounts/session/`",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": settings.SESSION_COOKIE_NAME,
                "description": "Вход в браузере; изменения требуют ещё заголовка `X-CSRFToken`",
            },
        ]


class CleanedFieldSchema(OpenApiSerializerFieldExtension):
    """Says of our texts that they are not blank, hold no NUL, and end somewhere."""

    target_class = "gemini.rest.fields.CleanedField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "response":
            return {"type": "string"}
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self.target.max_length,
            "pattern": FILLED,
        }
