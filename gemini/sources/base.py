"""What a source is: something that can be asked for data, by the model, by hand, or by a page of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from gemini.exceptions import InvalidRequest


class State(StrEnum):
    OK = "ok"
    # Data of an earlier day or hour (`as_of`), because the service does not answer now.
    STALE = "stale"
    # Somebody has to set something up first; `message` says who and what.
    NOT_CONFIGURED = "not_configured"
    UNAVAILABLE = "unavailable"
    # The arguments make no sense: the model may correct itself.
    INVALID = "invalid"


STATE_NAMES = {
    State.OK: _("получено"),
    State.STALE: _("данные устарели"),
    State.NOT_CONFIGURED: _("не настроено"),
    State.UNAVAILABLE: _("недоступно"),
    State.INVALID: _("неверный запрос"),
}


@dataclass(frozen=True, slots=True)
class SourceResult:
    """`data` is plain JSON with amounts as strings; `message` says in words what must be known about it.

    `as_of` is the day that the data speaks of, `url` where a person can check it.
    """

    state: State
    data: Any = None
    message: str = ""
    as_of: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ContextBlock:
    """A source and its arguments that a user has attached to a message by hand."""

    source: str
    arguments: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"source": self.source, "arguments": dict(self.arguments)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ContextBlock":
        return cls(stored["source"], stored["arguments"])


class SourceFailure(Exception):
    """Raised inside a source where there is nothing to answer with: its result says why, in words."""

    def __init__(self, state: State, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.state = state
        self.message = message
        self.retry_after = retry_after

    def as_result(self) -> SourceResult:
        return SourceResult(self.state, message=self.message)


class UnknownSource(InvalidRequest):
    def __init__(self, name: str) -> None:
        super().__init__("invalid_parameter", name=f"context ({name})")


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


class ContextSource:
    """One thing that can be asked for. Sources only read, and read only what is `user`'s own or everybody's."""

    # The name of the function that the model calls: letters, digits and underscores.
    name: ClassVar[str]
    title: ClassVar[Any]
    # What the reader sees while it is asked: «Смотрю курсы НБРБ…».
    activity: ClassVar[Any]
    # For the model: what it gives, and when to call it.
    description: ClassVar[str]
    # JSON schema of an object; arguments beside its properties are refused.
    parameters: ClassVar[dict[str, Any]]
    # How a page calls the names in its arguments and data.
    labels: ClassVar[Mapping[str, Any]] = {}
    # How a page calls the values of an argument that is one of several.
    names: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # The arguments that a person fills in, in this order; empty: all. The others are only for the model.
    by_hand: ClassVar[Sequence[str]] = ()

    @property
    def emulated(self) -> bool:
        """Whether the answers are made up by a stand-in on this machine; then that is said with each."""
        return False

    async def run(self, user: Any, arguments: dict[str, Any]) -> SourceResult:
        """The answer to arguments that fit `parameters`, in at most ten seconds; on an event loop.

        `user` is who asks, known from the session; nothing in the arguments may name another.
        """
        raise NotImplementedError
