"""Chats as files: exported for people (`markdown`) and for another server (`document`), and taken in again."""

from gemini.transfer.document import FORMAT, VERSION, all_json, session_json
from gemini.transfer.importing import MAX_BYTES, Outcome, take_in
from gemini.transfer.markdown import all_zip, session_markdown

__all__ = [
    "FORMAT",
    "MAX_BYTES",
    "VERSION",
    "Outcome",
    "all_json",
    "all_zip",
    "session_json",
    "session_markdown",
    "take_in",
]
