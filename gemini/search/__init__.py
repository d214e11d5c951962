"""What one user's chats hold, found by words in whatever form, and text compared without regard to case.

`find_titles` and `find_messages` search; `index` keeps what they search in, on SQLite and on PostgreSQL.
"""

from gemini.search.folding import FOLD, Folded, FoldedContains, fold, pattern
from gemini.search.hits import Hit, Hits, find_messages, find_titles
from gemini.search.queries import Query, parse

__all__ = [
    "FOLD",
    "Folded",
    "FoldedContains",
    "Hit",
    "Hits",
    "Query",
    "find_messages",
    "find_titles",
    "fold",
    "parse",
    "pattern",
]
