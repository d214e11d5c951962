"""Files of banks and people → rows. Pure: nothing here touches the database or the network."""

from finance.statements.mapping import COLUMNS, columns_guessed, read_by_columns
from finance.statements.reading import MAX_BYTES, MAX_ROWS, read
from finance.statements.rows import Note, Row, Statement

__all__ = ["COLUMNS", "MAX_BYTES", "MAX_ROWS", "Note", "Row", "Statement", "columns_guessed", "read", "read_by_columns"]
