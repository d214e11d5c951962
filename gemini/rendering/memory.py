"""Messages as they were rendered before: who opens a chat again waits for no Markdown."""

from hashlib import blake2b
from threading import Lock

from cachetools import LRUCache, cached
from django.utils.safestring import SafeString

from .message import render

# Characters of HTML, of at most four bytes each.
KEPT = 4_000_000


def digest(text: str) -> bytes:
    """What a text is kept under: the texts themselves would take as much memory again as their HTML."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@cached(LRUCache(KEPT, getsizeof=len), key=digest, lock=Lock())
def kept(text: str) -> SafeString:
    """What `render` gives, from memory when it has been given of late: a tenth of a millisecond instead of several."""
    return render(text)
