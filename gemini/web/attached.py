"""What is attached to a message that is not sent yet, as its form carries it: JSON, each in a field `context`."""

import json
from collections.abc import Iterable

from gemini.exceptions import InvalidRequest
from gemini.sources import ContextBlock
from gemini.sources.toolbox import checked_context


def as_text(block: ContextBlock) -> str:
    return json.dumps(block.as_json(), ensure_ascii=False, sort_keys=True)


def read(texts: Iterable[str]) -> list[ContextBlock]:
    """The blocks, checked against the schemas of their sources. Raises `InvalidRequest`."""
    return checked_context([block_of(text) for text in dict.fromkeys(texts)])


def readable(texts: Iterable[str]) -> list[ContextBlock]:
    """Those of them that make sense: what an address names may be anything."""
    blocks = []
    for text in dict.fromkeys(texts):
        try:
            blocks += checked_context([block_of(text)])
        except InvalidRequest:
            continue
    return blocks


def block_of(text: str) -> ContextBlock:
    try:
        stored = json.loads(text)
        source, arguments = stored["source"], stored["arguments"]
    # Deep nesting exhausts the parser's stack.
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidRequest("invalid_parameter", name="context") from error
    if not (isinstance(source, str) and isinstance(arguments, dict)):
        raise InvalidRequest("invalid_parameter", name="context")
    return ContextBlock(source, arguments)
