"""Sums that statistics are read from, so that they cost the same however long the history.

Triggers keep them, because no way of writing a row can go past them. `contents` says what they are the sums of,
`sqlite` and `postgresql` how a row that comes, goes or changes moves them; `upkeep` has the triggers made after
migrations, `recount` proves that each number is what it says.
"""
