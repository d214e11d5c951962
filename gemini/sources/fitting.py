"""Data cut to a size, and still JSON: what is longest gives way first."""

import json
import re
from typing import Any

SHORTEST_TEXT = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(data: Any) -> Any:
    """A copy of nothing but JSON, in characters that every database and wire takes. Raises for what is no JSON."""
    return without_odd_characters(json.loads(json.dumps(data, allow_nan=False)))


def without_odd_characters(value: Any) -> Any:
    match value:
        case str():
            if _SURROGATE.search(value):
                value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return value.replace("\0", "\ufffd")
        case list():
            return [without_odd_characters(inner) for inner in value]
        case dict():
            return {without_odd_characters(name): without_odd_characters(inner) for name, inner in value.items()}
    return value


def size_of(data: Any) -> int:
    """Bytes of the data as JSON in UTF-8."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def fit(data: Any, limit: int) -> tuple[Any, bool]:
    """A copy of plain `data` of at most `limit` bytes as JSON, and whether it had to be cut."""
    if (size := size_of(data)) <= limit:
        return data, False
    box = [json.loads(json.dumps(data))]
    while size > limit:
        holder, place = longest(box, 0)
        if holder is None:
            return None, True
        holder[place] = shortened(holder[place], limit / size)
        size = size_of(box[0])
    return box[0], True


def longest(holder: Any, place: Any) -> tuple[Any, Any]:
    """Where the longest list, text or object is that can still be shortened: its holder, and its place there."""
    found: tuple[int, Any, Any] = (0, None, None)
    pending = [(holder, place)]
    while pending:
        holder, place = pending.pop()
        value = holder[place]
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending += [(value, key) for key, _ in inner]
        if can_shrink(value) and (size := weight(value)) > found[0]:
            found = (size, holder, place)
    return found[1], found[2]


def can_shrink(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) > SHORTEST_TEXT
    return isinstance(value, dict | list) and len(value) > 0


def weight(value: Any) -> int:
    """Rows go before words, and words before names: a table that is short of rows is still a table."""
    size = size_of(value)
    return size if isinstance(value, list) else size // 2 if isinstance(value, str) else size // 8


def shortened(value: Any, share: float) -> Any:
    keep = min(len(value) - 1, int(len(value) * share * 0.95))
    if isinstance(value, str):
        return value[: max(SHORTEST_TEXT - 1, keep)] + "…"
    if isinstance(value, list):
        return value[:keep]
    return dict(list(value.items())[:keep])
