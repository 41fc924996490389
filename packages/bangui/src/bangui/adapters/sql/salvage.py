"""Saves what can still be read of a damaged history on SQLite.

The damaged file is moved aside and never written to again, so nothing more is lost by trying. A new history takes its
place, and what can be read goes into it the way of everything that is recorded: counts and indexes come out right,
whatever state they were in. Cursors are not taken over: sources are read again from the beginning of what they still
know, and fill what gaps they can.

Tables of other parts of BanGUI in the same file are copied row by row, from both ends up to where the damage is.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, MetaData, Table, select
from sqlalchemy.engine import URL

from bangui.adapters.sql.engine import open_engine, writing
from bangui.adapters.sql.errors import file_error, store_error
from bangui.adapters.sql.id_keys import id_key
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.restore import record_all
from bangui.adapters.sql.schema import HISTORY_TABLES
from bangui.adapters.sql.statements import Row, Statements, Transaction
from bangui.adapters.sql.stored_batches import StoredHistory
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history_ports import Progress, StoreTrouble
from bangui.domain.places import NOWHERE, DataSource, IPNetwork, Network, Place

_EVENTS_AT_ONCE = 5_000


def salvage(path: Path, progress: Progress | None = None) -> Path:
    """Move a damaged history aside, put a new one with all that can be read in its place, and return where it is now.

    Raises `StoreError`; what was moved aside stays there even then.
    """
    path = path.absolute()
    aside = _move_aside(path)
    engine = open_engine(str(path))
    try:
        migrate(engine)
        with closing(sqlite3.connect(f"{aside.as_uri()}?mode=ro", uri=True, isolation_level=None)) as damaged:
            _copy_history(engine, damaged, progress or _say_nothing)
            _copy_others(engine, damaged)
    finally:
        engine.dispose()
    return aside


def _say_nothing(done: int, total: int | None) -> None:
    """Be the progress that nobody looks at."""


def _move_aside(path: Path) -> Path:
    url = URL.create("sqlite+pysqlite", database=str(path))
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    names = (f"{path.name}.damaged-{stamp}{'-' * bool(number)}{number or ''}" for number in range(1_000))
    aside = next(place for name in names if not (place := path.with_name(name)).exists())
    try:
        path.rename(aside)
        with contextlib.suppress(FileNotFoundError):
            # What was written last may still be in there.
            path.with_name(f"{path.name}-wal").rename(f"{aside}-wal")
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    except FileNotFoundError:
        raise store_error(StoreTrouble.MISSING, url) from None
    except OSError as error:
        raise file_error(error, url, hint="let the user of the service write to its folder") from error
    return aside


def _copy_history(engine: Engine, damaged: sqlite3.Connection, progress: Progress) -> None:
    stored = StoredHistory(damaged, bears_damage=True)
    writer = SqlHistoryWriter(engine, _StoredPlaces(stored))
    record_all(stored, writer.record, progress, _EVENTS_AT_ONCE)


class _StoredPlaces:
    """Finds ids where the damaged history had them."""

    def __init__(self, stored: StoredHistory) -> None:
        self._stored = stored
        self._found: dict[IPNetwork, Place] = {}
        self._of: object = None

    def find(self, network: IPNetwork) -> Place:
        """Return the place that was stored."""
        if self._of is not self._stored.places:
            self._of = self._stored.places
            keys = {text: id_key(text) for text in self._stored.places}
            self._found = {key.network: _place(*self._stored.places[text]) for text, key in keys.items() if key}
        return self._found.get(network, NOWHERE)

    def sources(self) -> tuple[DataSource, ...]:
        """Return nothing: these are no data."""
        return ()


def _place(country: str | None, number: int | None) -> Place:
    return Place(country, None if number is None else Network(number, ""))


def _copy_others(engine: Engine, damaged: sqlite3.Connection) -> None:
    tables = MetaData()
    tables.reflect(engine)
    history = {table.name for table in HISTORY_TABLES} | {"alembic_version"}
    statements = Statements("sqlite")
    for name, table in tables.tables.items():
        if name not in history and not name.startswith("line_words"):
            insert = statements.compile(statements.insert(table).on_conflict_do_nothing())
            rows = list(_readable(damaged, statements, table))
            with writing(engine) as connection:
                transaction = Transaction(connection)
                transaction.run(statements.compile(table.delete()), [()])
                transaction.run(insert, rows)


def _readable(damaged: sqlite3.Connection, statements: Statements, table: Table) -> Iterator[Row]:
    keys = list(table.primary_key)
    for order in (keys, [key.desc() for key in keys]):
        with contextlib.suppress(sqlite3.DatabaseError):
            yield from damaged.execute(statements.compile(select(table).order_by(*order)).sql)
            return
