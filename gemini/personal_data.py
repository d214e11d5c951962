"""All that is kept of a person, as one archive that is sent while it is made: each app says what it has.

`PERSONAL_DATA` names functions `(user) -> Iterator[File]`, so that other apps add theirs without being known here.
`tests/test_personal_data.py` walks all models with a way to a user, and asks of each whether it is in the archive.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.module_loading import import_string

from gemini import conf
from gemini.transfer.outgoing import Outgoing

# A name in the archive, and its text in parts.
File = tuple[str, Iterable[str]]

ROWS_AT_ONCE = 200


def rows(found: Any, *fields: str) -> Iterator[str]:
    """These fields of a queryset's rows as a JSON array; a little at a time, and never a query left open."""
    last, separator = 0, "\n"
    yield "["
    while batch := list(found.order_by("pk").filter(pk__gt=last).values("pk", *fields)[:ROWS_AT_ONCE]):
        for row in batch:
            last = row.pop("pk") if "pk" not in fields else row["pk"]
            yield separator + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            separator = ",\n"
    yield "\n]\n"


def files_of(user: Any) -> Iterator[File]:
    for name in conf.get("PERSONAL_DATA"):
        yield from import_string(name)(user)


def archive(user: Any) -> Iterator[bytes]:
    """A zip file, in pieces."""
    outgoing = Outgoing()
    with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_DEFLATED) as made:
        for name, parts in files_of(user):
            info = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            with made.open(info, "w") as file:
                for part in parts:
                    # Half a character that got into a text would end the whole download.
                    file.write(part.encode(errors="replace"))
                    yield outgoing.take()
    # The archive's own table of contents is written when it is closed.
    yield outgoing.take()
