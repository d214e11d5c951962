"""Words without their endings, Russian and English ones: what SQLite's index holds, and what a hit is marked by."""

import re
import threading
import unicodedata
from functools import lru_cache
from importlib.metadata import version

import snowballstemmer  # type: ignore[import-untyped]

WORD = re.compile(r"[^\W_]+")
# Characters. What is longer is no word of a language, and stemming is not linear.
LONGEST_WORD = 40
# Characters of a text that can be found: bounds what one huge answer costs in the transaction that saves it.
INDEXED_LENGTH = 128 * 1024
# The acute that marks the stress in Russian; й and é are single characters by then.
STRESS = "\u0301"

# Written into the index: with another version of the stemmer it is made anew.
VERSION = f"snowballstemmer {version('snowballstemmer')}"

_russian, _english = snowballstemmer.stemmer("russian"), snowballstemmer.stemmer("english")
# A stemmer keeps the word that it works on in itself.
_lock = threading.Lock()


def plain(text: str) -> str:
    """Without what a searcher does not type: case, the dots of ё, marks of stress."""
    return unicodedata.normalize("NFC", text).replace(STRESS, "").casefold().replace("ё", "е")


def words(text: str) -> list[str]:
    return WORD.findall(plain(text))


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """The stem of a word from `words`. Costs ~45 µs; text repeats its words, so nearly all come from the cache."""
    if len(word) > LONGEST_WORD:
        return word[:LONGEST_WORD]
    with _lock:
        return (_english if word.isascii() else _russian).stemWord(word)


def stemmed(text: str | None) -> str:
    """A text as SQLite indexes it: its stems, one space between them. ~0.1 ms for 150 words."""
    return " ".join(map(stem, words((text or "")[:INDEXED_LENGTH])))
