"""What stands in one place of a conversation: a question in other words, an answer that was asked for again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Where a message that was left remembers the end of the path that was shown below it.
TIP = "tip"


@dataclass(frozen=True, slots=True)
class Variants:
    """`number` counts from 1; `previous` and `next` are ids, None at the ends."""

    number: int
    total: int
    previous: int | None = None
    next: int | None = None


def variants_among(place: Iterable[int], message_id: int) -> Variants:
    """Where a message stands among the ids of its place, oldest first."""
    ids = list(place)
    at = ids.index(message_id)
    return Variants(
        number=at + 1,
        total=len(ids),
        previous=ids[at - 1] if at else None,
        next=ids[at + 1] if at + 1 < len(ids) else None,
    )


class Tree:
    """A session's messages as they hang on each other, from rows with `pk`, `parent_id`, `shown` and `deleted_at`.

    What was deleted keeps its place: it may come back, and what hangs on it is still there.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = {row["pk"]: row for row in rows}
        self._children: defaultdict[int | None, list[int]] = defaultdict(list)
        for pk, row in self._rows.items():
            self._children[row["parent_id"]].append(pk)

    def path_to(self, message_id: int) -> list[int]:
        """From the first message to this one."""
        return list(self._upwards(message_id))[::-1]

    def path_below(self, message_id: int, tip: Any = None) -> list[int]:
        """From this message to the end of what was last shown below it; without a memory of that, of the newest."""
        path = [message_id]
        if tip in self._rows and message_id in (above := self.path_to(tip)):
            path = above[above.index(message_id) :]
        while children := self._children[path[-1]]:
            path.append(max(children, key=lambda pk: (self._rows[pk]["deleted_at"] is None, pk)))
        return path

    def is_shown(self, message_id: int) -> bool:
        return bool(self._rows[message_id]["shown"])

    def shown_in_place_of(self, path: list[int]) -> int | None:
        """The shown message at which the shown path parts from this one."""
        shared = next((pk for pk in reversed(path) if self.is_shown(pk)), None)
        if shared is None:
            roots = [pk for pk in self._children[None] if self.is_shown(pk)]
            return max(roots, default=None)
        return min((pk for pk, row in self._rows.items() if row["shown"] and pk > shared), default=None)

    def _upwards(self, message_id: int) -> Iterator[int]:
        above: int | None = message_id
        while above is not None and above in self._rows:
            yield above
            above = self._rows[above]["parent_id"]
