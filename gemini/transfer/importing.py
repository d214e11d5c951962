"""Takes a file in: wholly checked first, then stored in one transaction, so that nothing is ever half imported.

A file names no owner: whoever brings it owns what it holds. Ids are new; a reply that was being written when the file
was made is an interrupted one. A chat is here already when the caller has one that was begun in the same microsecond.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F

from gemini.exceptions import InvalidImport
from gemini.http import refuse_constant
from gemini.models import ChatMessage, ChatSession, PromptTemplate
from gemini.transfer.schema import check_file

MAX_BYTES = 20 * 1024 * 1024
# Commas and opening brackets outside of strings. What JSON packs into two bytes takes a hundred in memory.
MAX_PARTS = 2_000_000
STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """`skipped` chats and prompts were here already. `only` is the chat's id when exactly one was added."""

    chats: int
    messages: int
    prompts: int
    skipped: int
    only: int | None = None


class AsGiven(models.QuerySet[Any]):
    """Inserts rows with the times that they hold, which `auto_now` would replace: as loading a fixture does."""

    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        return super()._insert(*args, **kwargs | {"raw": True})  # type: ignore[misc]


def take_in(user: Any, data: bytes, *, copies: bool = False) -> Outcome:
    """Adds what the file holds; what is here already only with `copies`. Raises `InvalidImport`."""
    content = check_file(parse(data))
    with transaction.atomic():
        # The same file sent twice at once: one waits here for the other, and then finds its chats.
        get_user_model().objects.select_for_update().get(pk=user.pk)
        chats = content["chats"] if copies else without_known(user, content["chats"])
        added, messages = store_chats(user, chats)
        prompts = store_prompts(user, content["prompts"])
    skipped = len(content["chats"]) - len(added) + len(content["prompts"]) - prompts
    return Outcome(len(added), messages, prompts, skipped, added[0].pk if len(added) == 1 else None)


def parse(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise InvalidImport("import_too_large", limit=MAX_BYTES // 2**20)
    bare = STRING.sub(b"", data)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > MAX_PARTS:
        raise InvalidImport("import_too_complex")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=refuse_constant)
    # Deep nesting exhausts the parser's stack.
    except (ValueError, RecursionError) as error:
        raise InvalidImport("import_not_json") from error


def without_known(user: Any, chats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = set(ChatSession.objects.for_user(user).values_list("created_at", flat=True))
    return [chat for chat in chats if chat["created_at"] not in known]


def store_chats(user: Any, chats: list[dict[str, Any]]) -> tuple[list[ChatSession], int]:
    """The sessions that were made, and how many messages are in them."""
    sessions = [ChatSession(user=user, **{k: v for k, v in chat.items() if k != "messages"}) for chat in chats]
    AsGiven(ChatSession).bulk_create(sessions)
    rows: list[ChatMessage] = []
    parents: list[tuple[ChatMessage, ChatMessage]] = []
    for session, chat in zip(sessions, chats, strict=True):
        own: list[ChatMessage] = []
        for fields in chat["messages"]:
            own.append(message_of(session, fields))
            if fields["parent"] is not None:
                parents.append((own[-1], own[fields["parent"] - 1]))
        rows += own
    AsGiven(ChatMessage).bulk_create(rows, batch_size=ROWS_AT_ONCE)
    join(parents)
    return sessions, len(rows)


def message_of(session: ChatSession, fields: dict[str, Any]) -> ChatMessage:
    kept = {name: value for name, value in fields.items() if name not in ("number", "parent")}
    if kept["status"] == ChatMessage.Status.GENERATING:
        kept["status"] = ChatMessage.Status.INTERRUPTED
    return ChatMessage(session=session, **kept)


def join(parents: list[tuple[ChatMessage, ChatMessage]]) -> None:
    """Most messages follow the one before them, so rows are updated together by how far off their parents are."""
    by_distance: dict[int, list[int]] = defaultdict(list)
    for message, parent in parents:
        by_distance[message.pk - parent.pk].append(message.pk)
    for distance, ids in by_distance.items():
        for start in range(0, len(ids), ROWS_AT_ONCE):
            chosen = ChatMessage.objects.filter(pk__in=ids[start : start + ROWS_AT_ONCE])
            chosen.update(parent=F("pk") - distance)


def store_prompts(user: Any, prompts: list[dict[str, Any]]) -> int:
    """How many were added; one with the same name and text is here already, one with the same name gets another."""
    known = dict(PromptTemplate.objects.filter(user=user).values_list("name", "text"))
    rows = []
    for prompt in prompts:
        if known.get(prompt["name"]) == prompt["text"]:
            continue
        name = free_name(prompt["name"], known)
        known[name] = prompt["text"]
        rows.append(PromptTemplate(user=user, **prompt | {"name": name}))
    AsGiven(PromptTemplate).bulk_create(rows)
    return len(rows)


def free_name(name: str, taken: dict[str, str]) -> str:
    number, free = 2, name
    while free in taken:
        ending = f" ({number})"
        free, number = name[: 60 - len(ending)] + ending, number + 1
    return free
