"""The table of notes about entries of allow lists, beside those of the history and in the same database.

`jail` is empty where a note is about every jail. `found_in` are names of jails as a JSON list.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from bangui.adapters.sql.schema import metadata

__all__ = ["allow_notes", "metadata"]

# Compared byte by byte, whatever the language of the database server.
_Id = Text(collation="C").with_variant(Text(), "sqlite")

allow_notes = Table(
    "allow_notes",
    metadata,
    Column("host", _Id, primary_key=True),
    Column("jail", _Id, primary_key=True),
    Column("entry", _Id, primary_key=True),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("ends", BigInteger),
    Column("found_in", Text, nullable=False),
    sqlite_with_rowid=False,
)
