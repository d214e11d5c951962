"""Addresses of numbered things, of which a page holds a hundred that differ in nothing but the number.

To reverse one takes 45 µs; to put a number into an address that was reversed before, under one.
"""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

# A number that no other part of an address is.
SAMPLE = 900_000_000_000_000_001


def address(name: str, pk: int) -> str:
    """What `reverse(name, args=[pk])` gives. Raises `NoReverseMatch`."""
    return pattern(name, get_script_prefix()) % pk


@lru_cache(maxsize=256)
def pattern(name: str, prefix: str) -> str:
    """`prefix` is where the site is mounted, which `reverse` looks up by itself."""
    return reverse(name, args=[SAMPLE]).replace("%", "%%").replace(str(SAMPLE), "%d")
