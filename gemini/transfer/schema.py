"""What a field of a file may hold. A check returns the value as it is kept, or raises `InvalidImport` with the path."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from django.utils import timezone
from django.utils.translation import gettext as _

from gemini.conf import MAX_ANSWER_LENGTH, MAX_TITLE_LENGTH
from gemini.exceptions import InvalidImport
from gemini.models import ChatMessage, ChatSession
from gemini.texts import UNREADABLE
from gemini.transfer.document import FORMAT, NUL, VERSION

# A path such as `chats[3].messages[12].role`, counted from 1 as people do.
Check = Callable[[Any, str], Any]
Fields = Mapping[str, Check]

# PostgreSQL's integer.
MOST = 2**31 - 1
# An answer is cut after the piece that passed the limit.
MAX_CONTENT = MAX_ANSWER_LENGTH + 64 * 1024
MAX_METADATA, MAX_METADATA_DEPTH = 1024 * 1024, 32
# Beyond it a float skips whole numbers, and comes out of PostgreSQL's JSON as another than went in.
EXACT = 2**53
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
# Clocks of two servers differ; a chat from next year would stand first for a year.
AHEAD = timedelta(days=1)


def refuse(path: str, problem: str) -> NoReturn:
    raise InvalidImport("import_invalid", path=path or _("файл"), problem=problem)


def text(limit: int, pattern: str = "") -> Check:
    def check(value: Any, path: str) -> str:
        if type(value) is not str:
            refuse(path, _("нужна строка"))
        if len(value) > limit:
            refuse(path, _("строка длиннее %(limit)s символов") % {"limit": limit})
        if UNREADABLE.search(value):
            refuse(path, _("в строке есть недопустимые символы"))
        if pattern and not re.fullmatch(pattern, value):
            refuse(path, _("недопустимое значение"))
        return value

    return check


def choice(values: Iterable[str]) -> Check:
    allowed = [str(value) for value in values]

    def check(value: Any, path: str) -> str:
        if type(value) is not str or value not in allowed:
            refuse(path, _("нужно одно из: %(values)s") % {"values": ", ".join(allowed)})
        return value

    return check


def flag(value: Any, path: str) -> bool:
    if type(value) is not bool:
        refuse(path, _("нужно true или false"))
    return value


def whole(least: int, most: int = MOST) -> Check:
    def check(value: Any, path: str) -> int:
        if type(value) is not int or not least <= value <= most:
            refuse(path, _("нужно целое число от %(least)s до %(most)s") % {"least": least, "most": most})
        return value

    return check


def number(least: float, most: float) -> Check:
    def check(value: Any, path: str) -> float:
        # A comparison with NaN is false, and infinity is out of any bounds.
        if type(value) not in (int, float) or not least <= value <= most:
            refuse(path, _("нужно число от %(least)s до %(most)s") % {"least": least, "most": most})
        return float(value)

    return check


def moment(value: Any, path: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(value) if type(value) is str and len(value) <= 40 else None
        known = parsed is not None and parsed.tzinfo is not None and EARLIEST <= parsed <= timezone.now() + AHEAD
    # The first and the last years of the calendar have no such moment in UTC.
    except (ValueError, OverflowError):
        known = False
    if not known or parsed is None:
        refuse(path, _("нужно время с часовым поясом, не раньше 1970 года и не из будущего"))
    return parsed.astimezone(UTC)


def optional(check: Check) -> Check:
    return lambda value, path: None if value is None else check(value, path)


def metadata(value: Any, path: str) -> dict[str, Any]:
    """An object of any fields, of which those that our own code reads have the types that it expects."""
    if type(value) is not dict:
        refuse(path, _("нужен объект"))
    check_depth(value, path)
    if len(encoded := json.dumps(value, ensure_ascii=False)) > MAX_METADATA:
        refuse(path, _("слишком много данных"))
    if UNREADABLE.search(encoded) or NUL.search(encoded):
        refuse(path, _("в строке есть недопустимые символы"))
    for name, check in METADATA.items():
        if name in value:
            check(value[name], f"{path}.{name}")
    return value


def check_depth(value: Any, path: str) -> None:
    layer, depth = [value], 0
    while layer:
        if depth > MAX_METADATA_DEPTH:
            refuse(path, _("слишком глубокая вложенность"))
        for item in layer:
            # A comparison with NaN is false.
            if type(item) in (int, float) and not abs(item) < EXACT:
                refuse(path, _("число слишком велико"))
        layer = [inner for item in layer for inner in contents(item)]
        depth += 1


def contents(value: Any) -> Iterable[Any]:
    if type(value) is dict:
        return value.values()
    return value if type(value) is list else ()


def a(kind: type) -> Check:
    def check(value: Any, path: str) -> Any:
        if type(value) is not kind:
            refuse(path, _("недопустимое значение"))
        return value

    return check


def fields(value: Any, path: str, known: Fields) -> dict[str, Any]:
    """Exactly these fields, each as its check leaves it."""
    if type(value) is not dict:
        refuse(path, _("нужен объект"))
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in known:
            refuse(f"{prefix}{name[:60]}" if readable(name) else path, _("неизвестное поле"))
    for name in known:
        if name not in value:
            refuse(f"{prefix}{name}", _("поля нет"))
    return {name: check(value[name], f"{prefix}{name}") for name, check in known.items()}


def readable(name: str) -> bool:
    return name.isprintable() and not UNREADABLE.search(name)


def items(known: Fields) -> Check:
    def check(value: Any, path: str) -> list[dict[str, Any]]:
        if type(value) is not list:
            refuse(path, _("нужен список"))
        return [fields(item, f"{path}[{number}]", known) for number, item in enumerate(value, start=1)]

    return check


def messages(value: Any, path: str) -> list[dict[str, Any]]:
    """Numbered from 1; each comes after its parent, so they can make no circle and reach into no other chat."""
    checked = items(MESSAGE)(value, path)
    for place, message in enumerate(checked, start=1):
        if message["number"] != place:
            refuse(f"{path}[{place}].number", _("сообщения нумеруются подряд, с 1"))
        if message["parent"] is not None and message["parent"] >= place:
            refuse(f"{path}[{place}].parent", _("нужен номер одного из предыдущих сообщений этого чата"))
    return checked


METADATA: Fields = {
    "model": text(200),
    "finish_reason": text(100),
    "retry_after": optional(number(0, 10**9)),
    "first_token_ms": optional(whole(0)),
    "left_out": whole(0),
    "usage_metadata": a(dict),
    "safety_ratings": a(list),
}
MESSAGE: Fields = {
    "number": whole(1),
    "parent": optional(whole(1)),
    "shown": flag,
    "role": choice(ChatMessage.Role.values),
    "content": text(MAX_CONTENT),
    "timestamp": moment,
    "status": choice(ChatMessage.Status.values),
    "error_code": text(40, r"[a-z0-9_]*"),
    "tokens_used": optional(whole(0)),
    "response_time": optional(number(0, 10**7)),
    "metadata": metadata,
}
CHAT: Fields = {
    "title": text(MAX_TITLE_LENGTH),
    "title_origin": choice(ChatSession.TitleOrigin.values),
    "created_at": moment,
    "updated_at": moment,
    "is_active": flag,
    "pinned_at": optional(moment),
    "model": text(100),
    "temperature": optional(number(0, 2)),
    "max_output_tokens": optional(whole(1)),
    "system_instruction": text(8000),
    "messages": messages,
}
PROMPT: Fields = {"name": text(60), "text": text(8000), "created_at": moment}
FILE: Fields = {
    "format": choice([FORMAT]),
    "version": whole(VERSION, VERSION),
    "exported_at": moment,
    "chats": items(CHAT),
    "prompts": items(PROMPT),
}


def check_file(value: Any) -> dict[str, Any]:
    if type(value) is not dict or value.get("format") != FORMAT:
        refuse("", _("это не выгрузка чатов отсюда"))
    if value.get("version") != VERSION:
        refuse("version", _("эта версия формата неизвестна; известна %(version)s") % {"version": VERSION})
    return fields(value, "", FILE)
