"""Chats for tests, and files of what they come to."""

import json
from typing import Any

from django.utils import timezone

from gemini import transfer
from gemini.models import ChatMessage, ChatSession, PromptTemplate


def file_of(user: Any) -> dict[str, Any]:
    return json.loads("".join(transfer.all_json(user)))


def content_of(user: Any) -> dict[str, Any]:
    """The file without the moment at which it was made."""
    content = file_of(user)
    del content["exported_at"]
    return content


def empty() -> dict[str, Any]:
    return {"format": "gemini-chat", "version": 1, "exported_at": "2026-11-24T10:00:00Z", "chats": [], "prompts": []}


def chat(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Курсы валют",
        "title_origin": "hand",
        "created_at": "2026-11-20T08:00:00.000001Z",
        "updated_at": "2026-11-21T08:00:00Z",
        "is_active": True,
        "pinned_at": None,
        "model": "",
        "temperature": None,
        "max_output_tokens": None,
        "system_instruction": "",
        "messages": [],
    } | changed


def message(number: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "number": number,
        "parent": number - 1 or None,
        "shown": True,
        "role": "user",
        "content": "Сколько стоит доллар?",
        "timestamp": "2026-11-20T08:00:00Z",
        "status": "done",
        "error_code": "",
        "tokens_used": None,
        "response_time": None,
        "metadata": {},
    } | changed


def one_chat(*messages: dict[str, Any], **changed: Any) -> bytes:
    return as_bytes(empty() | {"chats": [chat(messages=list(messages), **changed)]})


def as_bytes(content: Any) -> bytes:
    return json.dumps(content).encode()


def a_chat_with_everything(user: Any) -> ChatSession:
    """Branches, failures, a pin, settings of its own, and a message in the trash in the middle of a path."""
    session = ChatSession.objects.create(
        user=user,
        title="Всё сразу",
        title_origin="model",
        is_active=False,
        pinned_at=timezone.now(),
        model="gemini-pro-latest",
        temperature=0.3,
        max_output_tokens=500,
        system_instruction="Отвечай стихами.",
    )

    def add(parent: ChatMessage | None, role: str = "assistant", **fields: Any) -> ChatMessage:
        return ChatMessage.objects.create(session=session, parent=parent, role=role, **fields)

    question = add(None, "user", content="Сколько?\r\n\n  <b>пробелы</b>  ", tokens_used=12)
    add(question, content="Часть", status="failed", error_code="timeout", shown=False, metadata={"retry_after": 2.5})
    answer = add(
        question,
        content="**Три** 🙂",
        tokens_used=7,
        response_time=1.25,
        metadata={"model": "gemini-3.8-flash", "finish_reason": "STOP", "usage_metadata": {"totalTokenCount": 19}},
    )
    gone = add(answer, "user", content="удалено", deleted_at=timezone.now())
    add(gone, status="stopped", content="")
    PromptTemplate.objects.create(user=user, name="Письмо", text="Напиши {кому}")
    return session
