"""Notes about entries of allow lists in the database.

Rows are few and small. What is kept here protects somebody from being locked out, so each commit waits for the disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, delete, insert, select

from bangui.adapters.sql.accounts_transactions import lasting
from bangui.adapters.sql.allow_notes_schema import allow_notes
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.storable import LONGEST_ID, LONGEST_NAME, storable_text, storable_time
from bangui.domain.allow_notes import LONGEST_NOTE, AllowNote

_LONGEST_AUTHOR = 200


class SqlAllowNotes:
    """The notes; see `bangui.domain.allow_notes.AllowNotes`. `engine` opens the database where it is not open."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._open = engine

    def all(self, host: str) -> Sequence[AllowNote]:
        """Return the notes of a host, also those that have ended, in no order."""
        query = select(allow_notes).where(allow_notes.c.host == storable_text(host, LONGEST_NAME))
        with reading(lasting(self._open())) as connection:
            return [_note(row) for row in connection.execute(query)]

    def keep(self, notes: Sequence[AllowNote]) -> None:
        """Keep notes, each instead of the one about the same jail and entry."""
        with writing(lasting(self._open())) as connection:
            for note in notes:
                row = _row(note)
                connection.execute(delete(allow_notes).where(*_is_about(row)))
                connection.execute(insert(allow_notes).values(row))

    def forget(self, notes: Sequence[AllowNote]) -> None:
        """Forget notes; one that was replaced since it was read stays."""
        with writing(lasting(self._open())) as connection:
            for note in notes:
                row = _row(note)
                unchanged = allow_notes.c.made == row["made"]
                connection.execute(delete(allow_notes).where(*_is_about(row), unchanged))


def _row(note: AllowNote) -> dict[str, Any]:
    return {
        "host": storable_text(note.host, LONGEST_NAME),
        "jail": storable_text(note.jail or "", LONGEST_NAME),
        "entry": storable_text(note.entry, LONGEST_ID),
        "note": storable_text(note.note, LONGEST_NOTE),
        "author": storable_text(note.author, _LONGEST_AUTHOR),
        "made": storable_time(note.made),
        "ends": None if note.ends is None else storable_time(note.ends),
        "found_in": json.dumps([storable_text(jail, LONGEST_NAME) for jail in note.found_in]),
    }


def _is_about(row: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [allow_notes.c[name] == row[name] for name in ("host", "jail", "entry")]


def _note(row: Row[Any]) -> AllowNote:
    return AllowNote(
        host=row.host,
        jail=row.jail or None,
        entry=row.entry,
        note=row.note,
        author=row.author,
        made=row.made,
        ends=row.ends,
        found_in=tuple(json.loads(row.found_in)),
    )
