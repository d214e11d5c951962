"""What the chat keeps of a person: the whole of it, the trash too, and never the key."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from gemini.models import ChatMessage, ChatSession, GeminiCall, GeminiSettings, SentPrompt
from gemini.personal_data import File, rows
from gemini.transfer.document import all_json

SESSION = ("id", "title", "created_at", "updated_at", "deleted_at", "model", "temperature", "system_instruction")
MESSAGE = ("id", "session_id", "role", "content", "timestamp", "deleted_at", "status", "metadata")
CALL = (
    "created_at", "interface", "purpose", "key_origin", "model", "prompt_tokens", "total_tokens", "duration_ms",
    "first_token_ms", "code",
)  # fmt: skip
SETTINGS = ("model", "temperature", "max_output_tokens", "system_instruction", "updated_at")


def files(user: Any) -> Iterator[File]:
    trashed = Q(deleted_at__isnull=False) | Q(session__deleted_at__isnull=False)
    # Chats and prompts, as they can be taken in again.
    yield "chats.json", all_json(user)
    yield "trash/chats.json", rows(ChatSession.objects.filter(user=user, deleted_at__isnull=False), *SESSION)
    yield "trash/messages.json", rows(ChatMessage.objects.filter(trashed, session__user=user), *MESSAGE)
    yield "settings.json", rows(GeminiSettings.objects.filter(user=user), *SETTINGS)
    yield "usage.json", rows(GeminiCall.objects.filter(user=user), *CALL)
    yield "sent_today.json", rows(SentPrompt.objects.filter(user=user), "scope", "created_at", "answer")
