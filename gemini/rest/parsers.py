from typing import IO, Any

from rest_framework.parsers import JSONParser

from gemini.http import MAX_BODY, parse_json


class ObjectParser(JSONParser):
    """JSON objects of a bounded size, read by the core's rule."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return parse_json(stream.read(MAX_BODY + 1))
