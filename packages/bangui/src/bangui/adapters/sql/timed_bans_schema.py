"""The tables of timed bans, beside those of the history and in the same database.

Times are Unix milliseconds. `watched_hosts` tells when somebody last looked after the timed bans of a host.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, Text

from bangui.adapters.sql.schema import metadata

__all__ = ["metadata", "timed_bans", "watched_hosts"]

# Compared byte by byte, whatever the language of the database server.
_Id = Text(collation="C").with_variant(Text(), "sqlite")

timed_bans = Table(
    "timed_bans",
    metadata,
    Column("host", _Id, primary_key=True),
    Column("jail", _Id, primary_key=True),
    Column("id", _Id, primary_key=True),
    Column("ends", BigInteger, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("look_at", BigInteger, nullable=False),
    Column("start", BigInteger),
    Column("lets_go", BigInteger),
    Column("is_expected", SmallInteger, nullable=False),
    Column("missed", BigInteger),
    Column("daemon", Text, nullable=False),
    Column("counted", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("timed_bans_look", "host", "look_at"),
    sqlite_with_rowid=False,
)

watched_hosts = Table(
    "watched_hosts",
    metadata,
    Column("host", _Id, primary_key=True),
    Column("seen", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
