"""Reads every ban that fail2ban's database holds or will hold, whatever happens to the database meanwhile.

The table `bans` has a row for each ban, but not for long: a purge takes it after a day, also where the ban is still in
force. The table `bips` has the last ban of each id in each jail, for longer. So the first read takes both, `bips` in
front, and later ones only what is new in `bans`. The cursor tells what is new (`cursor`); where it no longer can, both
tables are read again from their beginnings, because what is read twice is known already and what is left out is lost.

A read is a slice: two or three copies of at most 2,000 rows, between which the daemon can write (`snapshot`). Matched
lines come by a second copy of the same rows, a few megabytes at a time. A row that went in between was a ban all the
same, and is told without them.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from bangui.adapters.f2b_database.ban_data import BanData, parse_ban_data
from bangui.adapters.f2b_database.cursor import (
    BEFORE_ALL,
    START,
    Anchor,
    Cursor,
    decode_cursor,
    encode_cursor,
    still_proven,
    thinned,
)
from bangui.adapters.f2b_database.file import DatabaseFile
from bangui.adapters.f2b_database.rows import Row, to_observation
from bangui.adapters.f2b_database.snapshot import LARGEST_DATA, Slice, Snapshot, Table, open_database
from bangui.domain.history import Observation
from bangui.domain.history_ports import Reading, SourceAway
from bangui.domain.phrases import phrase

_log = logging.getLogger("bangui.database_source")

LARGEST_SLICE = 2_000
"""Rows of a read: copied within a millisecond or two."""
# Bytes of `data` that are copied at once: some milliseconds.
_LARGEST_COPY = 4 * LARGEST_DATA

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class DatabaseSource:
    """The bans in fail2ban's database at `path`; an `EventSource`."""

    def __init__(self, host: str, path: Path) -> None:
        self._host = host
        self._file = DatabaseFile(path)
        # Nobody has looked for some time: rows may have come and gone that only `bips` still tells of.
        self._was_away = True

    @property
    def name(self) -> str:
        """What its cursor is called."""
        return "database"

    def read(self, cursor: str | None, at_most: int = 5_000) -> Reading:
        """Return what came after the cursor."""
        known = decode_cursor(cursor)
        if cursor is not None and known is None:
            _log.warning("database_cursor_unreadable", extra={"path": str(self._file.path)})
        try:
            self._file.look()
            with open_database(self._file.path) as connection:
                return self._read(Snapshot(connection), known or START, max(1, min(at_most, LARGEST_SLICE)))
        except SourceAway:
            self._was_away = True
            raise
        except sqlite3.Error as error:
            self._was_away = True
            raise self._away(error) from error

    def close(self) -> None:
        """Let go of the file; between reads there is no connection."""
        self._file.close()

    def _read(self, snapshot: Snapshot, known: Cursor, limit: int) -> Reading:
        if not snapshot.has("bans"):
            raise SourceAway(
                phrase("there is no table of bans in {path}", path=self._file.path),
                phrase("is it fail2ban's database, and has it started?"),
            )
        if known.last_by_id is None:
            proven, slice = self._look_for_new(snapshot, known.anchors, limit)
            if proven or not (known.anchors or self._was_away):
                return self._told_new(snapshot, proven, slice, limit)
            if known.anchors:
                _log.info("database_read_anew", extra={"path": str(self._file.path)})
            known = START
        self._was_away = False
        return self._read_by_id(snapshot, BEFORE_ALL if known.last_by_id is None else known.last_by_id, limit)

    def _read_by_id(self, snapshot: Snapshot, last: int, limit: int) -> Reading:
        """Read `bips`, and `bans` right away where there is nothing more in it."""
        slice = snapshot.copy_slice("bips", last, limit + 1) if snapshot.has("bips") else Slice((), {})
        rows = slice.rows[:limit]
        if not rows:
            return self._told_new(snapshot, (), snapshot.copy_slice("bans", BEFORE_ALL, limit + 1), limit)
        has_more = len(slice.rows) > limit
        cursor = Cursor(rows[-1].number) if has_more else Cursor()
        by_id, bans = snapshot.bounds("bips"), snapshot.bounds("bans")
        return Reading(
            self._observations(snapshot, "bips", rows),
            encode_cursor(cursor),
            has_more or bans is not None,
            _read_of(by_id, rows[-1].number),
            _size(by_id) + _size(bans),
        )

    def _look_for_new(
        self, snapshot: Snapshot, anchors: tuple[Anchor, ...], limit: int
    ) -> tuple[tuple[Anchor, ...], Slice]:
        """Return the anchors that still prove something, and the rows above the highest, of the same moment."""
        while True:
            after = anchors[-1].number if anchors else BEFORE_ALL
            slice = snapshot.copy_slice("bans", after, limit + 1, [anchor.number for anchor in anchors])
            proven = still_proven(anchors, slice.marks)
            if not anchors or (proven and proven[-1] == anchors[-1]):
                return proven, slice
            anchors = proven

    def _told_new(self, snapshot: Snapshot, proven: tuple[Anchor, ...], slice: Slice, limit: int) -> Reading:
        self._was_away = False
        rows = slice.rows[:limit]
        anchors = thinned((*proven, *(Anchor(row.number, row.mark()) for row in rows)))
        has_more = len(slice.rows) > limit
        by_id, bans = _size(snapshot.bounds("bips")), snapshot.bounds("bans")
        total = by_id + _size(bans)
        return Reading(
            self._observations(snapshot, "bans", rows),
            encode_cursor(Cursor(None, anchors)),
            has_more,
            by_id + _read_of(bans, rows[-1].number) if has_more else total,
            total,
        )

    def _observations(self, snapshot: Snapshot, table: Table, rows: Sequence[Row]) -> list[Observation]:
        observations = []
        for part in _parts(rows):
            contents = snapshot.copy_data(table, part)
            for row in part:
                data = _data(row, contents[row.number]) if row.number in contents else None
                observation = to_observation(self._host, row, data)
                if observation is not None:
                    observations.append(observation)
        if len(observations) < len(rows):
            _log.warning("database_rows_make_no_sense", extra={"count": len(rows) - len(observations), "table": table})
        return observations

    def _away(self, error: sqlite3.Error) -> SourceAway:
        # The lower byte is the kind of error, the rest its details.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        path = self._file.path
        if code in _BUSY:
            return SourceAway(
                phrase("fail2ban's database {path} is busy", path=path), phrase("it is tried again in a moment")
            )
        if code in _DAMAGED:
            return SourceAway(
                phrase("fail2ban's database {path} is damaged", path=path),
                phrase("restart fail2ban, which tries to repair it"),
            )
        return SourceAway(
            phrase("fail2ban's database {path} cannot be read: {error}", path=path, error=error),
            phrase("it is tried again"),
        )


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in parts whose data can be copied at once."""
    start, room = 0, _LARGEST_COPY
    for index, row in enumerate(rows):
        size = _size_of_data(row)
        if size > room and index > start:
            yield rows[start:index]
            start, room = index, _LARGEST_COPY
        room -= size
    if start < len(rows):
        yield rows[start:]


def _size_of_data(row: Row) -> int:
    return min(row.size, LARGEST_DATA) if isinstance(row.size, int) else 0


def _data(row: Row, content: object) -> BanData:
    return parse_ban_data(content, is_whole=not isinstance(row.size, int) or row.size <= LARGEST_DATA)


def _size(bounds: tuple[int, int] | None) -> int:
    return 0 if bounds is None else bounds[1] - bounds[0] + 1


def _read_of(bounds: tuple[int, int] | None, last: int) -> int:
    return 0 if bounds is None else max(0, min(last - bounds[0] + 1, _size(bounds)))
