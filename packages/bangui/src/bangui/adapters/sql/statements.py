"""Statements of SQLAlchemy Core, compiled once and run on many plain tuples through the driver.

Building and compiling a statement for every execution, and a mapping for every row, would cost several times what
SQLite needs for the row itself. Values are bound in the order that whoever makes the statement gives.

SQLite runs a statement on one row after the other. To PostgreSQL each run is a message, and costs as much as the row;
a statement that is for many rows (`many`) gets them all in one, as an array for each of their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Protocol, cast

from sqlalchemy import Column, Connection, Select, Table, Text, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement, ColumnElement
from sqlalchemy.types import String, TypeEngine

Row = tuple[Any, ...]
Insert = sqlite.Insert | postgresql.Insert

LOOKED_UP_AT_ONCE = 100
_ROWS_AT_ONCE = 5_000
"""Rows that are one message: some megabytes."""


class Cursor(Protocol):
    """What both drivers' cursors have in common."""

    rowcount: int

    def execute(self, sql: str, row: Row, /) -> object:
        """Run a statement."""
        ...

    def executemany(self, sql: str, rows: Iterable[Row], /) -> object:
        """Run a statement on each row."""
        ...

    def fetchall(self) -> list[Row]:
        """Return what a query has found."""
        ...


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL of one database. `bind` puts the values of a row in the order of its parameters; None where they are.

    Where it `takes_columns` it runs once on many rows, and a parameter is the array of one of their values.
    """

    sql: str
    bind: Callable[[Row], Row] | None
    takes_columns: bool = False


class Statements:
    """Makes statements for one database."""

    def __init__(self, dialect_name: str) -> None:
        self.is_sqlite = dialect_name == "sqlite"
        # Parameters by their position, as both drivers take them from plain tuples.
        driver, style = ("sqlite+pysqlite", "qmark") if self.is_sqlite else ("postgresql+psycopg", "format")
        make = cast("Callable[..., Dialect]", URL.create(driver).get_dialect())
        self._dialect = make(paramstyle=style)

    def insert(self, table: Table) -> Insert:
        """Return an insert that can be told what to do about a conflict."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def adding(self, table: Table, *counts: str) -> Statement:
        """Return an insert that adds to the counts of a row that is there; no two rows may have the same key."""
        insert = self.inserting(table)
        added = {name: table.c[name] + insert.excluded[name] for name in counts}
        return self.many(insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=added))

    def inserting(self, table: Table) -> Insert:
        """Return an insert of whole rows, to be made a statement by `many`."""
        insert = self.insert(table)
        if self.is_sqlite:
            return insert
        given = self.values({column.name: column.type for column in table.columns})
        return insert.from_select(list(given), select(*given.values()))

    def values(self, types: Mapping[str, TypeEngine[Any]]) -> dict[str, ColumnElement[Any]]:
        """Return the values of the rows of a statement that is made by `many`, by names of their own."""
        if self.is_sqlite:
            return {name: bindparam(name, type_=type) for name, type in types.items()}
        # An array knows no collation, and none is needed to store what is in it.
        plain = {name: Text() if isinstance(type, String) else type for name, type in types.items()}
        arrays = [bindparam(name, type_=postgresql.ARRAY(type)) for name, type in plain.items()]
        rows = func.unnest(*arrays).table_valued(*types, name="given").render_derived()
        return {name: rows.c[name] for name in types}

    def many(self, statement: Executable, names: Sequence[str] | None = None) -> Statement:
        """Compile a statement that stands on `values`; see `compile`."""
        compiled = self.compile(statement, names)
        return compiled if self.is_sqlite else replace(compiled, takes_columns=True)

    def compile(self, statement: Executable, names: Sequence[str] | None = None) -> Statement:
        """Compile a statement whose rows have their values in the order of these names.

        Without names they come in the order of the parameters: for an insert that of the columns. Values that the
        statement itself holds are no parameters to whoever runs it.
        """
        compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=self._dialect))
        order = list(compiled.positiontup or ())
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        given = [name for name in order if name not in constants] if names is None else list(names)
        if given == order:
            return Statement(str(compiled), None)
        return Statement(str(compiled), _binder(order, given, constants))


def _binder(order: Sequence[str], given: Sequence[str], constants: Mapping[str, object]) -> Callable[[Row], Row]:
    """Return what puts the values of a row, and those that never change, in the order of the parameters."""
    fixed = tuple(constants.values())
    place = {name: number for number, name in enumerate([*given, *constants])}
    positions = [place[name] for name in order]
    if len(positions) == 1:
        return lambda row: ((*row, *fixed)[positions[0]],)
    pick = itemgetter(*positions)
    return pick if not fixed else lambda row: pick((*row, *fixed))


class Transaction:
    """One transaction, at the driver; errors are those of the driver (`errors.translated`)."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._cursor = cast("Cursor", connection.connection.cursor())

    def run(self, statement: Statement, rows: Sequence[Row]) -> int:
        """Run a statement on every row, and return how many rows of the table it has met."""
        if not rows:
            return 0
        bound = rows if statement.bind is None else [statement.bind(row) for row in rows]
        if not statement.takes_columns:
            self._cursor.executemany(statement.sql, bound)
            return self._cursor.rowcount
        met = 0
        for start in range(0, len(bound), _ROWS_AT_ONCE):
            columns = zip(*bound[start : start + _ROWS_AT_ONCE], strict=True)
            self._cursor.execute(statement.sql, tuple(map(list, columns)))
            met += self._cursor.rowcount
        return met

    def fetch(self, statement: Statement, row: Row = ()) -> list[Row]:
        """Return what a query finds."""
        self._cursor.execute(statement.sql, row if statement.bind is None else statement.bind(row))
        return self._cursor.fetchall()

    def fetch_for(self, lookup: Lookup, values: Sequence[Any]) -> list[Row]:
        """Return what a look-up finds for many values."""
        found: list[Row] = []
        for start in range(0, len(values), LOOKED_UP_AT_ONCE):
            some = tuple(values[start : start + LOOKED_UP_AT_ONCE])
            # One statement for any number of values: the last one again, until it is full.
            self._cursor.execute(lookup.sql, some + some[-1:] * (LOOKED_UP_AT_ONCE - len(some)))
            found.extend(self._cursor.fetchall())
        return found


@dataclass(frozen=True, slots=True)
class Lookup:
    """A query for rows by the value of one column, `LOOKED_UP_AT_ONCE` values at a time."""

    sql: str


def make_lookup(statements: Statements, query: Select[Any], column: Column[Any]) -> Lookup:
    """Make a query look up many values of a column."""
    values = [bindparam(f"v{number}", type_=column.type) for number in range(LOOKED_UP_AT_ONCE)]
    return Lookup(statements.compile(query.where(column.in_(values))).sql)
