"""The triggers are no part of the migrations, as the index of searches is none: see `gemini.derived`.

What the tables hold is made anew whenever the triggers are, so whatever was written without them is in it.
"""

from gemini.derived import Keeper
from gemini.rollups import postgresql, sqlite

keeper = Keeper(
    name="rollups",
    backends={"sqlite": sqlite, "postgresql": postgresql},
    tables=lambda backend: (table.name for table in backend.TABLES),
    announcement="Adding up messages and calls",
)
