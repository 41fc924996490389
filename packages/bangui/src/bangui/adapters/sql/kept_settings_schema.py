"""The table of settings, beside those of the history and in the same database."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from bangui.adapters.sql.schema import metadata

__all__ = ["kept_settings", "metadata"]

_Id = Text(collation="C").with_variant(Text(), "sqlite")

kept_settings = Table(
    "kept_settings",
    metadata,
    Column("name", _Id, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
