"""Asks a database questions in SQL that is written by hand, the same for SQLite and PostgreSQL.

What a query costs depends on the index that it walks along and on the order in which it meets its tables. A planner
would have to guess both from statistics; here they are known, so the SQL says them: `CROSS JOIN` is an order to SQLite,
and a query that says `INDEXED BY` fails rather than scan a table. PostgreSQL knows no `INDEXED BY` and plans by itself.

Values are always bound, by name (`:time`). Many values at once are one parameter, a table of its own (`Asker.table`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

from sqlalchemy import Connection

Row = tuple[Any, ...]
Parameters = Mapping[str, object]

_PARAMETER = re.compile(r":([a-z][a-z0-9_]*)")
_INDEXED_BY = re.compile(r" INDEXED BY \w+")


class _Cursor(Protocol):
    """What both drivers' cursors have in common."""

    def execute(self, sql: str, parameters: Parameters, /) -> object:
        """Run a query."""
        ...

    def fetchall(self) -> list[Row]:
        """Return what it has found."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """Values as a table that a query can read, and the parameters that hold them."""

    sql: str
    parameters: dict[str, object]


class Asker:
    """Asks within one transaction; errors are those of the driver (`errors.translated`)."""

    def __init__(self, connection: Connection) -> None:
        self.is_sqlite = connection.dialect.name == "sqlite"
        self._cursor = cast("_Cursor", connection.connection.cursor())

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[Row]:
        """Return all rows of a query."""
        self._cursor.execute(sql if self.is_sqlite else _for_postgresql(sql), parameters or {})
        return self._cursor.fetchall()

    def row(self, sql: str, parameters: Parameters | None = None) -> Row | None:
        """Return the first row of a query, None where there is none."""
        return next(iter(self.rows(sql, parameters)), None)

    def column(self, sql: str, parameters: Parameters | None = None) -> list[Any]:
        """Return the first column of a query."""
        return [row[0] for row in self.rows(sql, parameters)]

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[int | str]]) -> Given:
        """Return values as a table for FROM; all values of a column are integers, or all are texts."""
        if self.is_sqlite:
            picked = ", ".join(f"json_extract(value, '$[{place}]') AS {column}" for place, column in enumerate(columns))
            # With a limit each value is taken out of the JSON once, and not for every row that it is compared with.
            values = query(picked, f"json_each(:{name})", tail="LIMIT -1")
            return Given(f"({values}) {name}", {name: json.dumps(rows)})
        parameters: dict[str, object] = {}
        arrays = []
        for place, column in enumerate(columns):
            values_of_column = [row[place] for row in rows]
            kind = "text" if any(isinstance(value, str) for value in values_of_column) else "bigint"
            parameters[f"{name}_{column}"] = values_of_column
            arrays.append(f"CAST(:{name}_{column} AS {kind}[])")
        return Given(f"unnest({', '.join(arrays)}) AS {name} ({', '.join(columns)})", parameters)


def query(columns: str, tables: str, wanted: Sequence[str] = (), tail: str = "") -> str:
    """Return a SELECT; all conditions must hold."""
    return " ".join(part for part in ("SELECT", columns, "FROM", tables, where(wanted), tail) if part)


def where(wanted: Sequence[str]) -> str:
    """Return a WHERE with all conditions, nothing where there are none."""
    return "WHERE " + " AND ".join(wanted) if wanted else ""


def one_of(column: str, numbers: Sequence[int]) -> str:
    """Return the condition that a column holds one of some numbers, which come from our own tables."""
    if len(numbers) == 1:
        return f"{column} = {numbers[0]:d}"
    return f"{column} IN ({', '.join(f'{number:d}' for number in numbers)})"


@lru_cache(maxsize=1024)
def _for_postgresql(sql: str) -> str:
    return _PARAMETER.sub(r"%(\1)s", _INDEXED_BY.sub("", sql))
