"""Copies out of fail2ban's database that hold its lock for the time that SQLite needs, and not a moment longer.

While anybody reads, the daemon cannot write; after five seconds it gives up, and a ban is lost. Python gives other
threads a turn between any two rows that it fetches, and in a busy process each turn takes milliseconds: fetching two
thousand rows then takes seconds, under the lock. So nothing is fetched from the database itself. One statement copies
a slice into a temporary table in memory, and is through before Python gets the next word; what follows reads the copy.

Every copy is bounded in rows and in bytes. Two of them may see different states; one sees one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from bangui.adapters.f2b_database.rows import LONGEST_ID, Row

Table = Literal["bans", "bips"]
_TABLES: Final[tuple[Table, ...]] = ("bans", "bips")

LARGEST_DATA: Final = 1_048_576
"""Bytes of `data` that are read of a row; of what is longer only the beginning."""

# Of us, who give way: whoever holds the database for longer than this is not worth waiting for.
_BUSY_SECONDS = 0.25
# SQLite reads such a value whole even where only its beginning is asked for.
_GIANT_DATA = 16 * 1_048_576

_COLUMNS = {
    "jail": f"substr(jail, 1, {LONGEST_ID})",
    "ip": f"substr(ip, 1, {LONGEST_ID})",
    "timeofban": "CASE WHEN typeof(timeofban) IN ('integer', 'real') THEN timeofban END",
    "bantime": "CASE WHEN typeof(bantime) IN ('integer', 'real') THEN bantime END",
    "bancount": "CASE WHEN typeof(bancount) IN ('integer', 'real') THEN bancount END",
    "data": "length(data)",
}
# In SQLite's own words, because a PRAGMA would be fetched row by row.
_KNOWN_COLUMNS = (
    "SELECT 'bans', name FROM pragma_table_info('bans', 'main')"
    " UNION ALL SELECT 'bips', name FROM pragma_table_info('bips', 'main')"
)
_DATA = f"CASE WHEN length(data) <= {_GIANT_DATA} THEN substr(data, 1, {LARGEST_DATA}) END"


@contextmanager
def open_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading only, and close it at the end; nothing is made where there is none."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )
    try:
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one moment: those above a number, in order, and those of some numbers that are there."""

    rows: tuple[Row, ...]
    marks: Mapping[int, str]


class Snapshot:
    """What an open database holds; columns that its version of fail2ban does not have are null."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        known = self._copy(_KNOWN_COLUMNS)
        self._columns: dict[Table, dict[str, str]] = {
            table: {name: text if (table, name) in known else "NULL" for name, text in _COLUMNS.items()}
            for table in _TABLES
        }

    def has(self, table: Table) -> bool:
        """Return whether there is such a table, and its rows have what makes a ban."""
        return all(self._columns[table][name] != "NULL" for name in ("jail", "ip", "timeofban"))

    def bounds(self, table: Table) -> tuple[int, int] | None:
        """Return the lowest and the highest number; None where there are no rows."""
        if not self.has(table):
            return None
        query = ("SELECT (SELECT min(rowid) FROM main.", table, "), (SELECT max(rowid) FROM main.", table, ")")
        first, last = self._copy("".join(query))[0]
        return None if first is None else (first, last)

    def copy_slice(self, table: Table, after: int, limit: int, numbers: Sequence[int] = ()) -> Slice:
        """Return up to `limit` rows above a number, together with the marks of the rows of `numbers`."""
        query = (
            *("SELECT", self._select(table), ", 1 AS is_asked FROM main.", table),
            *(" WHERE rowid IN (", ", ".join("?" * len(numbers)), ")"),
            *(" UNION ALL SELECT * FROM (SELECT", self._select(table), ", 0 FROM main.", table),
            " WHERE rowid > ? ORDER BY rowid LIMIT ?)",
        )
        found = self._copy("".join(query), (*numbers, after, limit))
        marks = {row[0]: Row(*row[:-1]).mark() for row in found if row[-1]}
        rows = sorted((Row(*row[:-1]) for row in found if not row[-1]), key=lambda row: row.number)
        return Slice(tuple(rows), marks)

    def copy_data(self, table: Table, rows: Sequence[Row]) -> dict[int, object]:
        """Return the `data` of rows that follow each other, by number; of those that are still the same."""
        data = "NULL" if self._columns[table]["data"] == "NULL" else _DATA
        query = (
            *("SELECT", self._select(table), ", ", data, " AS content FROM main.", table),
            " WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?",
        )
        # More rows than asked for only where some came back to numbers in between.
        found = self._copy("".join(query), (rows[0].number, rows[-1].number, len(rows)))
        wanted = {row.number: row for row in rows}
        return {row[0]: row[-1] for row in found if wanted.get(row[0]) == Row(*row[:-1])}

    def copy_last_bans(self, jail: str, after: int, limit: int) -> tuple[Row, ...]:
        """Return the last ban of each id of a jail: up to `limit` of those above a number, in the order of numbers."""
        where = " WHERE rowid > ? AND jail = ? ORDER BY rowid LIMIT ?"
        return self._last_bans(where, (after, jail, limit))

    def copy_recent_bans(self, jail: str, since: int, limit: int) -> tuple[Row, ...]:
        """Return the last bans of a jail that began at `since` (Unix seconds) or later, the newest first."""
        where = " WHERE timeofban >= ? AND jail = ? ORDER BY timeofban DESC LIMIT ?"
        return self._last_bans(where, (since, jail, limit))

    def _last_bans(self, where: str, values: Sequence[int | str]) -> tuple[Row, ...]:
        if not self.has("bips"):
            return ()
        return tuple(Row(*row) for row in self._copy(f"SELECT{self._select('bips')} FROM main.bips{where}", values))

    def _select(self, table: Table) -> str:
        columns = (f"{text} AS {name}" for name, text in self._columns[table].items())
        return ", ".join((" rowid AS number", *columns))

    def _copy(self, query: str, values: Sequence[int | str] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query, fetched from a copy that was made under the lock."""
        self._connection.execute(f"CREATE TEMP TABLE copy AS {query}", values)
        try:
            return self._connection.execute("SELECT * FROM temp.copy").fetchall()
        finally:
            self._connection.execute("DROP TABLE temp.copy")
