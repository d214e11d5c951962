"""What stands for a prompt's text where it is counted: the same for what differs in case and surrounding space alone.

Eight bytes of SHA-256, as a signed number that both databases hold. That two texts of one user's, even among a million,
share theirs has a chance of one in ten million, and would do no more harm than one wrong line among the repeated.
"""

import unicodedata
from hashlib import sha256
from typing import Any

from django.db.backends.signals import connection_created

from gemini.search import fold

DIGEST = "GEMINI_DIGEST"
# Written into the triggers: another Unicode may fold text in another way, and they are made anew.
VERSION = f"Unicode {unicodedata.unidata_version}"


def digest(text: str) -> int:
    return int.from_bytes(sha256((fold(text) or "").encode()).digest()[:8], "big", signed=True)


def teach_sqlite(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(DIGEST, 1, digest, deterministic=True)


connection_created.connect(teach_sqlite, dispatch_uid="gemini.rollups.digests")
