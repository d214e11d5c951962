"""What is known of a model by its name alone: a listing tells limits, but not how a model thinks.

https://ai.google.dev/gemini-api/docs/thinking, https://ai.google.dev/gemini-api/docs/gemini-3
"""

from dataclasses import dataclass
from enum import StrEnum


class Thinking(StrEnum):
    BUDGET = "budget"
    LEVEL = "level"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Traits:
    thinking: Thinking
    # Google asks to leave the temperature of these alone, and may not heed it.
    own_temperature: bool
    # Names whichever model Google calls the newest of its kind.
    is_alias: bool


def traits_of(model: str) -> Traits:
    if model.startswith("gemini-2.5"):
        return Traits(Thinking.BUDGET, own_temperature=False, is_alias=False)
    # What "latest" stands for is of the third generation or later since 2026.
    if model.endswith("-latest"):
        return Traits(Thinking.LEVEL, own_temperature=True, is_alias=True)
    if model.startswith(("gemini-1.", "gemini-2.0", "gemma")):
        return Traits(Thinking.NONE, own_temperature=False, is_alias=False)
    if model.startswith("gemini-"):
        return Traits(Thinking.LEVEL, own_temperature=True, is_alias=False)
    return Traits(Thinking.UNKNOWN, own_temperature=False, is_alias=False)
