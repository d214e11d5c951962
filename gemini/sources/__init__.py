"""What the model may ask, and the user attach: each source is a class named in `GEMINI_SOURCES`."""

from gemini.sources.base import (
    STATE_NAMES,
    ContextBlock,
    ContextSource,
    SourceFailure,
    SourceResult,
    State,
    UnknownSource,
)
from gemini.sources.database import in_database
from gemini.sources.registry import registered, source_named

__all__ = [
    "STATE_NAMES",
    "ContextBlock",
    "ContextSource",
    "SourceFailure",
    "SourceResult",
    "State",
    "UnknownSource",
    "in_database",
    "registered",
    "source_named",
]
