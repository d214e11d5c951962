"""Python reads this at its start where its folder is on the path: what `HIDDEN_PACKAGES` names cannot be imported.

The server is measured as `make run` installs it. Packages of developers change it: httpx loads the 70 ms of `rich` for
its own command line as soon as that is there, Django's PostgreSQL fields load psycopg.
"""

import os
import sys

HIDDEN = frozenset(os.environ.get("HIDDEN_PACKAGES", "").split())


class Hiding:
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


if HIDDEN:
    sys.meta_path.insert(0, Hiding())  # type: ignore[arg-type]
