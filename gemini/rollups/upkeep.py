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
backend_of, look_after, ensure = keeper.backend_of, keeper.look_after, keeper.ensure
before_migrations, after_migrations = keeper.before_migrations, keeper.after_migrations
