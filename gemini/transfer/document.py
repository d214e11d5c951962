"""The JSON that holds everything a round trip needs: `{"format": "gemini-chat", "version": 1, "chats": […]}`.

Messages are numbered within their chat, from 1, in the order in which they came; `parent` is such a number. There are
no ids of the database in it, no owner, no key, no lease and nothing of the trash. `schema` says what a field may hold.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from gemini.models import ChatMessage, ChatSession, PromptTemplate
from gemini.texts import UNREADABLE
from gemini.transfer.reading import messages_of, sessions_of

FORMAT = "gemini-chat"
VERSION = 1

# A NUL as JSON writes it; after an odd number of backslashes more it would be plain text.
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def session_json(session: ChatSession) -> Iterator[str]:
    yield from document([session], [])


def all_json(user: Any) -> Iterator[str]:
    """Every chat and every prompt template of the user's."""
    yield from document(sessions_of(user), PromptTemplate.objects.filter(user=user))


def document(sessions: Iterable[ChatSession], prompts: Iterable[PromptTemplate]) -> Iterator[str]:
    yield f'{{"format": "{FORMAT}", "version": {VERSION}, "exported_at": {encode(moment(timezone.now()))},\n"chats": ['
    for number, session in enumerate(sessions):
        yield ",\n" if number else "\n"
        yield from chat(session)
    yield '\n],\n"prompts": ['
    for number, prompt in enumerate(prompts):
        yield ",\n" if number else "\n"
        yield encode({"name": prompt.name, "text": prompt.text, "created_at": moment(prompt.created_at)})
    yield "\n]}\n"


def chat(session: ChatSession) -> Iterator[str]:
    yield encode(chat_fields(session))[:-1] + ', "messages": ['
    numbers: dict[int, int | None] = {}
    given = 0
    for message in messages_of(session):
        parent = numbers.get(message.parent_id) if message.parent_id else None
        if message.deleted_at:
            # What stood after it stands after what it stood after.
            numbers[message.pk] = parent
            continue
        given += 1
        numbers[message.pk] = given
        yield ",\n  " if given > 1 else "\n  "
        yield encode(message_fields(message, given, parent))
    yield "\n]}"


def chat_fields(session: ChatSession) -> dict[str, Any]:
    return {
        "title": session.title,
        "title_origin": session.title_origin,
        "created_at": moment(session.created_at),
        "updated_at": moment(session.updated_at),
        "is_active": session.is_active,
        "pinned_at": moment(session.pinned_at),
        "model": session.model,
        "temperature": session.temperature,
        "max_output_tokens": session.max_output_tokens,
        "system_instruction": session.system_instruction,
    }


def message_fields(message: ChatMessage, number: int, parent: int | None) -> dict[str, Any]:
    return {
        "number": number,
        "parent": parent,
        "shown": message.shown,
        "role": message.role,
        "content": message.content,
        "timestamp": moment(message.timestamp),
        "status": message.state,
        "error_code": message.error_code,
        "tokens_used": message.tokens_used,
        "response_time": message.response_time,
        "metadata": message.metadata,
    }


def moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def encode(value: Any) -> str:
    """JSON whose texts can be read anywhere: a NUL or half a character that got into one becomes U+FFFD."""
    text = json.dumps(value, ensure_ascii=False)
    return UNREADABLE.sub("\ufffd", NUL.sub("\\1\ufffd", text) if "\\u0000" in text else text)
