"""What was asked of a source and what it gave, arranged for a page: facts, tables, and plain text for all else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gemini.sources.base import STATE_NAMES, State
from gemini.sources.registry import registered

# Rows of one table that a page shows; the model got all of them.
MAX_ROWS = 100
MAX_COLUMNS = 12


@dataclass(slots=True)
class Table:
    title: str
    columns: list[str]
    rows: list[list[str]]
    # How many more there are.
    more: int = 0


@dataclass(slots=True)
class ShownSource:
    title: str
    asked: list[tuple[str, str]]
    state: str
    state_name: str
    message: str
    as_of: date | None
    url: str
    milliseconds: int
    by_hand: bool
    facts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """What is attached to a message: which data, and of what."""

    title: str
    asked: list[tuple[str, str]]


def shown_block(stored: Mapping[str, Any]) -> ShownBlock:
    """Of a `ContextBlock` as it is stored; its source may be gone by now."""
    name = stored.get("source", "")
    source = registered().get(name)
    labels, names = labels_of(name), source.names if source else {}
    asked = [
        (labels.get(key, key), text(names.get(key, {}).get(value, value) if isinstance(value, str) else value))
        for key, value in in_order(stored.get("arguments"), labels)
    ]
    return ShownBlock(str(source.title) if source else name, asked)


def shown(record: Mapping[str, Any]) -> ShownSource:
    sent = record.get("sent") or {}
    labels = labels_of(record.get("name", ""))
    state = record.get("state", "")
    source = ShownSource(
        title=title_of(record),
        asked=[(labels.get(name, name), text(value)) for name, value in in_order(record.get("arguments"), labels)],
        state=state,
        state_name=str(STATE_NAMES[State(state)]) if state in list(State) else state,
        message=sent.get("message", ""),
        as_of=date.fromisoformat(sent["as_of"]) if sent.get("as_of") else None,
        # Only ever a link that a source made, but it lies in a row that is read for ever.
        url=url if (url := record.get("url", "")).startswith("https://") else "",
        milliseconds=record.get("ms", 0),
        by_hand=record.get("asked_by") == "user",
    )
    arrange(sent.get("data"), source, labels, "")
    return source


def arrange(data: Any, source: ShownSource, labels: Mapping[str, str], title: str) -> None:
    match data:
        case dict():
            for name, value in in_order(data, labels):
                label = labels.get(name, name)
                if isinstance(value, list | dict) and value:
                    arrange(value, source, labels, f"{title}: {label}" if title else label)
                elif value not in (None, [], {}, ""):
                    source.facts.append((f"{title}: {label}" if title else label, text(value)))
        case [dict(), *_] if all(isinstance(row, dict) for row in data):
            source.tables.append(table(data, labels, title))
        case None:
            return
        case _:
            source.facts.append((title, text(data)))


def table(rows: list[dict[str, Any]], labels: Mapping[str, str], title: str) -> Table:
    filled = {name: None for row in rows for name, value in row.items() if value not in (None, "", [])}
    columns = [name for name, _none in in_order(filled, labels)][:MAX_COLUMNS]
    return Table(
        title=title,
        columns=[labels.get(name, name) for name in columns],
        rows=[[text(row.get(name)) for name in columns] for row in rows[:MAX_ROWS]],
        more=max(0, len(rows) - MAX_ROWS),
    )


def in_order(named: Mapping[str, Any] | None, labels: Mapping[str, str]) -> list[tuple[str, Any]]:
    """As the source lists its labels, then the rest: on the way through protobuf and databases the order is lost."""
    places = {name: place for place, name in enumerate(labels)}
    return sorted((named or {}).items(), key=lambda item: places.get(item[0], len(places)))


def text(value: Any) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return _("да") if value else _("нет")
        case str():
            return value
        case list() if all(isinstance(one, str | int) for one in value):
            return ", ".join(map(str, value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)


def title_of(record: Mapping[str, Any]) -> str:
    """In the reader's language; of a source that is gone, as it was called when it was asked."""
    source = registered().get(record.get("name", ""))
    return str(source.title) if source else record.get("title", "")


def labels_of(name: str) -> Mapping[str, str]:
    source = registered().get(name)
    return {key: str(label) for key, label in source.labels.items()} if source else {}
