"""Prompts with gaps: `Переведи {текст} на {язык}`. Pure.

A gap is a name in braces, of letters, digits, spaces, hyphens; JSON, code and doubled braces are left as they are.
"""

import re
from collections.abc import Mapping

GAP = re.compile(r"(?<!\{)\{([^\W\d_][\w -]{0,39})\}(?!\})")
# More would be a form that nobody fills in.
MAX_GAPS = 12


def names_in(text: str) -> list[str]:
    """The names of the gaps, each once, in the order of their first appearance."""
    return list(dict.fromkeys(found.strip() for found in GAP.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with these values; a gap without one stays as it is, to be filled in by hand.

    A value is put in as it stands: braces in it are no gaps.
    """
    return GAP.sub(lambda gap: values.get(gap[1].strip()) or gap[0], text)
